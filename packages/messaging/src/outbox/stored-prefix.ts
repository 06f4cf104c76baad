// How many of a key's oldest rows the broker has already, when nobody remembers. A key's messages are stored one after
// the other, so the newest message found on any of their subjects tells about all rows before it, too.
import type { Publisher } from '../ports.ts';
import type { OutboxRow } from './outbox-rows.ts';

/** Looks only at rows up to `doubtfulTo`; later ones were written after the doubt arose. Throws when nobody answers. */
export async function storedPrefix(
  publisher: Publisher,
  chain: readonly OutboxRow[],
  doubtfulTo: bigint,
): Promise<number> {
  const doubtful = chain.filter((row) => row.position <= doubtfulTo);
  const subjects = new Set(doubtful.map((row) => row.message.subject));
  const newestIds = new Set(await Promise.all([...subjects].map((subject) => publisher.lastIdOn(subject))));
  return doubtful.findLastIndex((row) => newestIds.has(row.message.id)) + 1;
}
