// What an inbox says of a message, and what of a message it keeps.
import { createHash } from 'node:crypto';
import type { Message } from '../contract/decode.ts';

/**
 * `new`: apply its effect. `duplicate`: it was applied. `stale`: something that lies after it was applied to its key.
 */
export type Arrival = 'new' | 'duplicate' | 'stale';

/** Runs one query in the caller's transaction, e.g. Prisma's `(sql, ...p) => tx.$queryRawUnsafe(sql, ...p)`. */
export type QuerySql = (sql: string, ...parameters: unknown[]) => Promise<unknown>;

/** What of a message is recorded: its id, its key and where it lies. */
export type Arriving = Pick<Message, 'id' | 'key'> & {
  readonly stored: Pick<Message['stored'], 'epoch' | 'sequence'>;
};

/** Postgres has no index entry above 2.7 kB, and no text with a NUL. */
const TEXT_BYTES_MAX = 1_024;

/**
 * As it is kept in a column with an index: a stranger's id that has no place in one is its SHA-256. What is kept comes back
 * from the database as the same text.
 */
export function storableText(text: string): string {
  const wellFormed = text.toWellFormed();
  if (Buffer.byteLength(wellFormed) <= TEXT_BYTES_MAX && !wellFormed.includes('\u0000')) return wellFormed;
  return `sha256:${createHash('sha256').update(wellFormed).digest('hex')}`;
}
