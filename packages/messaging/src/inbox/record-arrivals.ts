// Many messages recorded at once, with two statements for all of them: what `recordArrival` would have answered for each,
// one after the other (I1–I3 of `inbox.ts`).
//
// I4  the answers are those of recording one by one, in the order given, also for a message that is in the batch twice
//     and for several of one key.
// I5  batches that overlap, in whatever order their messages are, wait for each other and do not deadlock, as long as a
//     transaction records one batch: everybody locks ids before keys, and each in its order.
import { storableText, type Arrival, type Arriving, type QuerySql } from './arrival.ts';
import { advanceKeys } from './key-positions.ts';

const RECORD_IDS = `
  INSERT INTO "inbox_message" ("consumer", "message_id")
  SELECT $1, "id" FROM unnest($2::text[]) AS "id" ORDER BY "id" COLLATE "C"
  ON CONFLICT DO NOTHING RETURNING "message_id" AS "id"`;

/**
 * Records `messages` for `consumer` and answers for each, in the order given. Apply the effects of those that are `new`, in
 * that order and in the same transaction.
 */
export async function recordArrivals(
  query: QuerySql,
  consumer: string,
  messages: readonly Arriving[],
): Promise<readonly Arrival[]> {
  if (messages.length === 0) return [];
  const arriving = messages.map(({ id, key, stored }) => ({ id: storableText(id), key: storableText(key), stored }));
  const firsts = await recordIds(query, consumer, arriving);
  if (firsts.length === 0) return messages.map(() => 'duplicate');
  const areNewest = await advanceKeys(query, consumer, firsts);
  const arrivals = new Map<Arriving, Arrival>();
  for (const [index, message] of firsts.entries()) arrivals.set(message, areNewest[index] === true ? 'new' : 'stale');
  return arriving.map((message) => arrivals.get(message) ?? 'duplicate');
}

/** Those whose ids were not there: of several with one id the first. */
async function recordIds(
  query: QuerySql,
  consumer: string,
  messages: readonly Arriving[],
): Promise<readonly Arriving[]> {
  const answer = await query(RECORD_IDS, consumer, [...new Set(messages.map(({ id }) => id))]);
  // The query returns this column.
  const recorded = new Set((answer as readonly { readonly id: string }[]).map(({ id }) => id));
  return messages.filter(({ id }) => recorded.delete(id));
}
