// A question about the log, and where its answer goes on. Entries are never inserted before others and never removed,
// so a position in the sequence is all a cursor needs to keep pages stable while the log grows (A7).
import { createHash } from 'node:crypto';
import type { SubjectFilter } from '@longwave/messaging/contract';

export type EntryQuery = {
  readonly subject?: SubjectFilter | undefined;
  /** Half-open, on `receivedAt`: from ≤ receivedAt < to. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly correlationId?: string | undefined;
  readonly order: 'asc' | 'desc';
};

const CURSOR = /^([1-9]\d{0,15})-([\w-]{16})$/;

/** A cursor that goes on after the entry `sequence`, of use for this question only. */
export function encodeCursor(query: EntryQuery, sequence: number): string {
  return `${sequence}-${digestOf(query)}`;
}

/** The sequence to go on after; undefined when `cursor` was not made for `query`. */
export function decodeCursor(query: EntryQuery, cursor: string): number | undefined {
  const [, sequence = '', digest] = CURSOR.exec(cursor) ?? [];
  return digest === digestOf(query) && Number.isSafeInteger(Number(sequence)) ? Number(sequence) : undefined;
}

/** No secret: it keeps a page from being taken for an answer to another question, and nothing can be gained by it. */
function digestOf({ subject, from, to, correlationId, order }: EntryQuery): string {
  const question = [
    subject?.text ?? null,
    from?.getTime() ?? null,
    to?.getTime() ?? null,
    correlationId ?? null,
    order,
  ];
  return createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 16);
}
