// The relay's side of the outbox table: read what waits, delete what is stored.
import type { Pool } from 'pg';
import type { OutgoingMessage } from '../contract/encode.ts';
import type { Headers } from '../contract/metadata.ts';

export type OutboxRow = { readonly position: bigint; readonly lane: number; readonly message: OutgoingMessage };

type Stored = {
  readonly place: string;
  readonly lane: number;
  readonly key: string;
  readonly message_id: string;
  readonly subject: string;
  readonly headers: Headers;
  readonly payload: Uint8Array;
};

const SELECT = `
  SELECT "position"::text AS "place", "lane", "key", "message_id", "subject", "headers", "payload"
  FROM "outbox" WHERE "lane" = ANY($1) AND "key" <> ALL($2) ORDER BY "position" LIMIT $3`;

/** The oldest rows of `lanes`, without those of `blockedKeys`. */
export async function readRows(
  pool: Pool,
  query: { readonly lanes: readonly number[]; readonly blockedKeys: readonly string[]; readonly limit: number },
): Promise<readonly OutboxRow[]> {
  const { rows } = await pool.query<Stored>(SELECT, [query.lanes, query.blockedKeys, query.limit]);
  return rows.map(({ place, lane, message_id: id, ...message }) => ({
    position: BigInt(place),
    lane,
    message: { ...message, id },
  }));
}

export async function deleteRows(pool: Pool, positions: readonly bigint[]): Promise<void> {
  if (positions.length === 0) return;
  await pool.query('DELETE FROM "outbox" WHERE "position" = ANY($1::bigint[])', [positions.map(String)]);
}

/** Which of these messages have rows in `lanes`. */
export async function idsWaiting(
  pool: Pool,
  lanes: readonly number[],
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await pool.query<{ message_id: string }>(
    'SELECT "message_id" FROM "outbox" WHERE "lane" = ANY($1) AND "message_id" = ANY($2)',
    [lanes, ids],
  );
  return new Set(rows.map((row) => row.message_id));
}

/** The highest position handed out so far; 0 for an outbox that was never used. */
export async function lastPosition(pool: Pool): Promise<bigint> {
  const { rows } = await pool.query<{ last: string | null }>('SELECT max("position")::text AS last FROM "outbox"');
  return BigInt(rows[0]?.last ?? 0);
}
