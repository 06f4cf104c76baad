// One transaction at a time, with all that waits: five streams would otherwise queue for the same lock with five
// transactions, each with its own commit to the disk. Under load groups grow by themselves; a single message is written
// at once.
//
// A group that the database refuses is tried again piece by piece, so that what is wrong in one stream does not hold
// up the others.
import { EntriesUnavailableError } from '../domain/entry-log.ts';
import type { NewEntry } from '../domain/entry.ts';
import { payloadBytesOf } from '../domain/slices.ts';

export type RecordEntries = (entries: readonly NewEntry[]) => Promise<void>;

type Waiting = { readonly entries: readonly NewEntry[]; readonly outcome: PromiseWithResolvers<void> };

/** The same as `record`, but callers that wait share its calls, up to `bytesMax` bytes of payload in each. */
export function inTurns(record: RecordEntries, bytesMax: number): RecordEntries {
  const waiting: Waiting[] = [];
  let isWriting = false;

  const writeAll = async (): Promise<void> => {
    isWriting = true;
    while (waiting.length > 0) await write(record, takeGroup(waiting, bytesMax));
    isWriting = false;
  };
  return (entries) => {
    const outcome = Promise.withResolvers<void>();
    waiting.push({ entries, outcome });
    if (!isWriting) void writeAll();
    return outcome.promise;
  };
}

/** The first that waits, and those after it that fit. */
function takeGroup(waiting: Waiting[], bytesMax: number): readonly Waiting[] {
  let bytes = 0;
  const tooLarge = waiting.findIndex(({ entries }) => (bytes += payloadBytesOf(entries)) > bytesMax);
  return waiting.splice(0, tooLarge === -1 ? waiting.length : Math.max(1, tooLarge));
}

/** Never rejects: every caller hears of its own. */
async function write(record: RecordEntries, group: readonly Waiting[]): Promise<void> {
  try {
    await record(group.flatMap(({ entries }) => entries));
    for (const { outcome } of group) outcome.resolve();
  } catch (error) {
    if (group.length > 1 && !(error instanceof EntriesUnavailableError)) {
      for (const one of group) await write(record, [one]);
    } else for (const { outcome } of group) outcome.reject(error);
  }
}
