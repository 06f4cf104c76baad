// How far each key of a batch is: read from the database where that matters, and moved on to the last of the batch.
//
// I2 within a batch, too: what lies before another message of its key that came before it in the batch is stale.
import type { Arriving, QuerySql } from './arrival.ts';

type Position = { readonly epoch: number; readonly sequence: number };

/** What a batch does to one key. */
type Advance = {
  readonly key: string;
  /** The last position of the batch. */
  to: Position;
  /** Whether only some of the messages may be stale: then where the key was decides of each. */
  isDoubtful: boolean;
};

// Keys are locked one after the other and in the same order by everybody, so batches that overlap wait and never lock
// each other out.
const ADVANCE = `
  INSERT INTO "inbox_key" AS "at" ("consumer", "key", "epoch", "sequence")
  SELECT $1, "key", "epoch", "sequence"
  FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS "batch" ("key", "epoch", "sequence")
  ORDER BY "key" COLLATE "C"
  ON CONFLICT ("consumer", "key") DO UPDATE SET "epoch" = EXCLUDED."epoch", "sequence" = EXCLUDED."sequence"
  WHERE ("at"."epoch", "at"."sequence") < (EXCLUDED."epoch", EXCLUDED."sequence")`;

// RETURNING knows no old values before Postgres 18, and a statement sees nothing that was committed after it began. So
// where a doubtful key was is read as the statement sees it, and one that has moved since is locked and left as it is.
const SEEN = `FROM "inbox_key" AS "seen" WHERE "seen"."consumer" = $1 AND "seen"."key" = "at"."key"`;
const WITHOUT_DOUBT = `${ADVANCE} RETURNING "key"`;
const WITH_DOUBTS = `${ADVANCE}
    AND ("at"."key" <> ALL ($5::text[])
      OR ("at"."epoch", "at"."sequence") = (SELECT "seen"."epoch", "seen"."sequence" ${SEEN}))
  RETURNING "key",
    CASE WHEN "key" = ANY ($5::text[]) THEN (SELECT "seen"."epoch" || ' ' || "seen"."sequence" ${SEEN}) END AS "before"`;

/**
 * Moves each key on to its last position in `messages`. Returns whether each of them, in their order, lay after all
 * of its key that was before it.
 */
export async function advanceKeys(
  query: QuerySql,
  consumer: string,
  messages: readonly Arriving[],
): Promise<readonly boolean[]> {
  const advances = [...advancesOf(messages).values()];
  const at = new Map(advances.map(({ key, to }): [string, Position] => [key, to]));
  await advance(query, consumer, advances, at);
  // Some of these have moved since; by now they are locked, and seen as they are.
  const again = advances.filter(({ key, to, isDoubtful }) => isDoubtful && at.get(key) === to);
  if (again.length > 0) await advance(query, consumer, again, at);
  return messages.map(({ key, stored }) => {
    const before = at.get(key);
    if (before !== undefined && !isAfter(stored, before)) return false;
    at.set(key, stored);
    return true;
  });
}

function advancesOf(messages: readonly Arriving[]): ReadonlyMap<string, Advance> {
  const advances = new Map<string, Advance>();
  for (const { key, stored } of messages) {
    const known = advances.get(key);
    if (known === undefined) advances.set(key, { key, to: stored, isDoubtful: false });
    else if (isAfter(stored, known.to)) {
      known.to = stored;
      known.isDoubtful = true;
    }
  }
  return advances;
}

/** Says in `at` where the keys were that have moved on; the others stay as far as the batch would have moved them. */
async function advance(
  query: QuerySql,
  consumer: string,
  advances: readonly Advance[],
  at: Map<string, Position>,
): Promise<void> {
  const doubtful = advances.filter(({ isDoubtful }) => isDoubtful).map(({ key }) => key);
  const answer = await query(
    doubtful.length > 0 ? WITH_DOUBTS : WITHOUT_DOUBT,
    consumer,
    advances.map(({ key }) => key),
    arrayText(advances.map(({ to }) => to.epoch)),
    arrayText(advances.map(({ to }) => to.sequence)),
    ...(doubtful.length > 0 ? [doubtful] : []),
  );
  // The query returns these columns, the second where there is a doubt.
  for (const { key, before } of answer as readonly { readonly key: string; readonly before?: string | null }[]) {
    const [epoch, sequence] = before?.split(' ').map(Number) ?? [];
    if (epoch === undefined || sequence === undefined) at.delete(key);
    else at.set(key, { epoch, sequence });
  }
}

/** As Postgres writes arrays: drivers escape each number as if it were text, at a third of a microsecond. */
function arrayText(numbers: readonly number[]): string {
  return `{${numbers.join(',')}}`;
}

function isAfter(one: Position, other: Position): boolean {
  return one.epoch > other.epoch || (one.epoch === other.epoch && one.sequence > other.sequence);
}
