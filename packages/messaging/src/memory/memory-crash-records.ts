// Crash records in memory: they outlive the crash of a replica, as those of a broker do, and go with the broker.
import { StreamUnavailableError } from '../errors.ts';
import type { CrashRecord, CrashRecords, MessagePlace } from '../ports.ts';

/** `records`: those of the broker. `closing`: a replica that is closed, or has crashed, says and hears nothing more. */
export function createMemoryCrashRecords(records: Map<string, CrashRecord>, closing: AbortSignal): CrashRecords {
  const keyOf = ({ stream, epoch, sequence, group, redrive }: MessagePlace): string => {
    if (closing.aborted) throw new StreamUnavailableError('broker-unavailable', stream);
    return `${stream}:${epoch}:${sequence}:${group}:${redrive}`;
  };
  return {
    read: async (place) => records.get(keyOf(place)) ?? null,
    write: async (place, record) => {
      if (record === null) records.delete(keyOf(place));
      else records.set(keyOf(place), record);
    },
  };
}
