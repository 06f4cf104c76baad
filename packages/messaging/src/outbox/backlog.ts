// How much waits in the outbox, and for how long: looked at when somebody asks, not before, because counting costs a
// query. It is the whole table that is told, whichever relay holds its lanes.
import type { Pool } from 'pg';
import type { OutboxBacklog } from '../observe/observer.ts';
import { pause, type Time } from '../time.ts';

/** Counting more would read more of the table than an answer is worth: so many are trouble in any case. */
export const BACKLOG_ROWS_MAX = 10_000;
/** Whoever scrapes metrics does not wait for a database that hangs. */
const READ_WITHIN_MS = 1_000;

const SELECT = `
  SELECT (SELECT count(*)::int FROM (SELECT FROM "outbox" LIMIT ${BACKLOG_ROWS_MAX}) AS "some") AS "rows",
         (SELECT "headers"->>'ce-time' FROM "outbox" ORDER BY "position" LIMIT 1) AS "oldest"`;

/**
 * Resolves with what waits now, or with null when Postgres does not say so in time: why is the relay's to tell. Those
 * who ask at once share one query. The age is by our clock and the writer's.
 */
export function backlogReader(pool: Pool, time: Time): () => Promise<OutboxBacklog | null> {
  let reading: Promise<OutboxBacklog> | null = null;
  return async () => {
    reading ??= readBacklog(pool, time).finally(() => {
      reading = null;
    });
    const over = new AbortController();
    try {
      return await Promise.race([reading, pause(time, READ_WITHIN_MS, over.signal).then(() => null)]);
    } catch {
      return null; // the relay's own queries fail as well, and its state says why
    } finally {
      over.abort();
    }
  };
}

async function readBacklog(pool: Pool, time: Time): Promise<OutboxBacklog> {
  const { rows } = await pool.query<{ rows: number; oldest: string | null }>(SELECT);
  const [row] = rows;
  const writtenAt = Date.parse(row?.oldest ?? '');
  const ageMs = Number.isNaN(writtenAt) ? 0 : Math.max(0, time.now().getTime() - writtenAt);
  return { rows: row?.rows ?? 0, oldestAgeSeconds: ageMs / 1_000 };
}
