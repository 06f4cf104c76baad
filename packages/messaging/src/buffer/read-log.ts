// Reads the messages back from disk, in order and without an end: what is appended comes when it is synced. What cannot be
// read is told as the numbers that are missing, never skipped. (B5)
import type { Disk, DiskFile } from './disk.ts';
import { scanSegment, type BufferedMessage } from './scan-segment.ts';
import { SEGMENT_HEADER_BYTES, type Segment } from './segment.ts';
import type { SegmentLog } from './segment-log.ts';

/** A message, or the numbers (`end` is not one of them) of messages that cannot be read. */
export type Read =
  | { readonly kind: 'message'; readonly record: BufferedMessage }
  | { readonly kind: 'missing'; readonly from: number; readonly end: number };

export type LogReading = {
  readonly disk: Disk;
  readonly log: Pick<SegmentLog, 'next' | 'segmentAt' | 'endOf' | 'has'>;
  /** The number to begin with. */
  readonly from: number;
  /** Called at the end of what is synced: resolves with whether to look for more. */
  readonly awaitMore: () => Promise<boolean>;
};

/** Throws what the disk throws. */
export async function* readLog(reading: LogReading): AsyncGenerator<Read, void, void> {
  const { disk, log, awaitMore } = reading;
  let from = reading.from;
  do {
    for (let segment = log.segmentAt(from); segment !== null; segment = log.segmentAt(from)) {
      const file = await openUnlessDropped(disk, log, segment);
      if (file === null) continue;
      try {
        from = yield* readSegment(reading, segment, file, from);
      } finally {
        await file.close();
      }
    }
  } while (await awaitMore());
}

/** Null when the segment was dropped meanwhile. */
async function openUnlessDropped(disk: Disk, log: LogReading['log'], segment: Segment): Promise<DiskFile | null> {
  try {
    return await disk.open(segment.path);
  } catch (error) {
    if (!log.has(segment)) return null;
    throw error;
  }
}

/** Returns the number that comes next, once this segment has no more. */
async function* readSegment(
  { log, awaitMore }: LogReading,
  segment: Segment,
  file: DiskFile,
  start: number,
): AsyncGenerator<Read, number, void> {
  let from = start;
  let offset = SEGMENT_HEADER_BYTES;
  for (;;) {
    const [to, end] = [segment.bytes, log.endOf(segment)];
    for await (const found of scanSegment({ file, salt: segment.salt, from: offset, to })) {
      if (found.kind !== 'record') segment.isDamaged = true;
      else if (found.record.number >= from) {
        if (found.record.number > from) yield { kind: 'missing', from, end: found.record.number };
        yield { kind: 'message', record: found.record };
        from = found.record.number + 1;
      }
      if (!log.has(segment)) return from;
    }
    offset = to;
    if (end > from) yield { kind: 'missing', from, end };
    from = Math.max(from, end);
    const isLast = log.segmentAt(from) === null;
    if (!isLast && segment.bytes === to) return from;
    if (isLast && !(await awaitMore())) return from;
  }
}
