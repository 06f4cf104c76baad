// Exactly-once effects: the id of a message is recorded in the transaction of its effect. For many at once there is
// `record-arrivals.ts`.
//
// I1  a message that was applied is a duplicate for ever, however it comes again (redelivery, republished, replayed).
// I2  a message that lies before the last applied one of its key is stale: an entity's state never goes back, not even
//     with two replicas on one consumer. A recreated stream has a later epoch and counts as later.
// I3  two replicas with the same message at once: the second waits for the first's transaction, then sees it.
import { storableText, type Arrival, type Arriving, type QuerySql } from './arrival.ts';

const RECORD = `
  WITH message AS (
    INSERT INTO "inbox_message" ("consumer", "message_id") VALUES ($1, $2)
    ON CONFLICT DO NOTHING RETURNING 1
  ), key AS (
    INSERT INTO "inbox_key" ("consumer", "key", "epoch", "sequence")
    SELECT $1, $3, $4::bigint, $5::bigint FROM message
    ON CONFLICT ("consumer", "key") DO UPDATE SET "epoch" = EXCLUDED."epoch", "sequence" = EXCLUDED."sequence"
    WHERE ("inbox_key"."epoch", "inbox_key"."sequence") < (EXCLUDED."epoch", EXCLUDED."sequence")
    RETURNING 1
  )
  SELECT EXISTS (SELECT FROM message) AS "first", EXISTS (SELECT FROM key) AS "newest"`;

/** Records `message` for `consumer`. Apply its effect, in the same transaction, only when the answer is `new`. */
export async function recordArrival(query: QuerySql, consumer: string, message: Arriving): Promise<Arrival> {
  const { stored } = message;
  const [id, key] = [storableText(message.id), storableText(message.key)];
  const answer = await query(RECORD, consumer, id, key, String(stored.epoch), String(stored.sequence));
  // The query selects exactly one row of two booleans.
  const [row] = answer as readonly [{ readonly first: boolean; readonly newest: boolean }];
  if (!row.first) return 'duplicate';
  return row.newest ? 'new' : 'stale';
}
