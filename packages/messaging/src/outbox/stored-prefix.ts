// How many of a key's oldest rows the broker has already, when nobody remembers. A key's messages are stored one after
// the other, so the newest message found on any of their subjects tells about all rows before it, too.
import type { Publisher } from '../ports.ts';
import type { OutboxRow } from './outbox-rows.ts';

/** The ids of the newest messages on the rows' subjects. Throws StreamUnavailableError when the broker does not answer. */
export async function newestIdsOn(publisher: Publisher, rows: readonly OutboxRow[]): Promise<ReadonlySet<string>> {
  const subjects = new Set(rows.map((row) => row.message.subject));
  const newest = await Promise.all([...subjects].map((subject) => publisher.lastIdOn(subject)));
  return new Set(newest.filter((id) => id !== null));
}

/**
 * How many of `rows`, which are in order, are stored. `behind`: ids of messages that still have rows but are not among
 * these; the key's newest message is one of them when its stored rows go on behind the last row that was read.
 */
export function storedPrefix(
  rows: readonly OutboxRow[],
  newestIds: ReadonlySet<string>,
  behind: ReadonlySet<string>,
): number {
  if ([...newestIds].some((id) => behind.has(id))) return rows.length;
  return rows.findLastIndex((row) => newestIds.has(row.message.id)) + 1;
}
