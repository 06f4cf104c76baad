// Crash records in JetStream: one subject for each message that is suspected, in the stream of `consuming-stream.ts`.
import { z } from 'zod';
import { StreamUnavailableError } from '../errors.ts';
import type { CrashRecord, CrashRecords, MessagePlace } from '../ports.ts';
import type { ConsumingStream } from './consuming-stream.ts';

const stored = z.object({ crashes: z.int().nonnegative(), firstAt: z.coerce.date() });

export function createCrashRecords(records: ConsumingStream): CrashRecords {
  return {
    read: (place) =>
      answered(place, async () => {
        const record = await records.read(keyOf(place));
        return record === null ? null : stored.parse(record.value);
      }),
    write: (place, record) => answered(place, () => put(records, place, record)),
  };
}

async function put(records: ConsumingStream, place: MessagePlace, record: CrashRecord | null): Promise<void> {
  if (record === null) await records.forget(keyOf(place));
  else await records.write(keyOf(place), record, place.stream);
}

/** Names of streams and consumers are tokens already. */
function keyOf({ stream, epoch, sequence, group, redrive }: MessagePlace): string {
  return `crash.${stream}.${epoch}.${sequence}.${group}.${redrive}`;
}

async function answered<T>({ stream }: MessagePlace, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new StreamUnavailableError('broker-unavailable', stream, { cause });
  }
}
