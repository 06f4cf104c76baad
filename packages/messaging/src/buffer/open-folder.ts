// Everything that lies in a buffer's folder, as an earlier process left it, however that ended.
//
//   lock                                who has it open
//   position                            how far it is: position-file.ts
//   <first number>-<salt>.segment       messages: segment.ts, record.ts
//   <first number>-<salt>.segment.damaged   a segment some of which could not be read
//   refused.jsonl                       messages that the broker refused: refused-file.ts
import { join } from 'node:path';
import type { Log } from '../log.ts';
import type { Publisher } from '../ports.ts';
import type { Disk, DiskLock } from './disk.ts';
import { Doubts } from './doubts.ts';
import { openSegments } from './open-segments.ts';
import { openPositionFile, type Position, type PositionFile } from './position-file.ts';
import { readLog } from './read-log.ts';
import { RefusedFile } from './refused-file.ts';
import { SegmentLog } from './segment-log.ts';
import { Settled } from './settled.ts';

export type BufferFolder = {
  readonly segments: SegmentLog;
  readonly settled: Settled;
  /** What may have been sent already. */
  readonly doubts: Doubts;
  /** The number from which on nothing was ever sent. */
  readonly sendingBelow: number;
  readonly positionFile: PositionFile;
  /** What the position file says; null when that is doubtful. */
  readonly written: Position | null;
  readonly refused: RefusedFile;
  readonly lock: DiskLock;
};

export type FolderOptions = {
  readonly disk: Disk;
  readonly directory: string;
  readonly bytesMax: number;
  readonly newSalt: () => number;
  readonly publisher: Publisher;
  readonly log: Log;
};

/** A buffer has so many segments, so that `drop-oldest` drops little at once. */
const SEGMENTS = 16;
/** More would make a start slow, because the last segment is read then. */
const SEGMENT_BYTES_MAX = 8 * 1024 * 1024;

export function segmentBytesMaxOf(bytesMax: number): number {
  return Math.min(Math.floor(bytesMax / SEGMENTS), SEGMENT_BYTES_MAX);
}

/** Throws BufferError: `buffer-locked`, `buffer-format-unknown`, and whatever the disk throws. */
export async function openFolder(options: FolderOptions): Promise<BufferFolder> {
  const { disk, directory } = options;
  await disk.makeFolder(directory);
  const lock = disk.lock(join(directory, 'lock')); // (B7)
  try {
    return { ...(await readFolder(options)), lock };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function readFolder(options: FolderOptions): Promise<Omit<BufferFolder, 'lock'>> {
  const { disk, directory, bytesMax, newSalt, log } = options;
  const positionFile = await openPositionFile(disk, directory);
  try {
    const { settledBelow = 0, sendingBelow = 0 } = positionFile.position ?? {};
    const found = await openSegments(disk, directory, settledBelow, log);
    const [oldest] = found.segments;
    // The position is written before the first message is sent, let alone removed.
    const isDoubtful = positionFile.isDoubtful || (positionFile.position === null && oldest !== undefined);
    if (isDoubtful) log.error({ directory }, 'the position of the buffer is damaged; the broker is asked instead');
    const segmentBytesMax = segmentBytesMaxOf(bytesMax);
    const segments = new SegmentLog({ disk, directory, segmentBytesMax, newSalt }, found);
    const start = {
      settled: new Settled(isDoubtful ? Math.max(settledBelow, oldest?.first ?? 0) : settledBelow),
      sendingBelow: isDoubtful ? Math.max(sendingBelow, found.next) : sendingBelow,
      written: isDoubtful ? null : positionFile.position,
    };
    const refused = await RefusedFile.open(disk, directory, segmentBytesMax);
    const doubts = await findDoubts(options, segments, start.settled.below, start.sendingBelow);
    return { segments, doubts, positionFile, refused, ...start };
  } catch (error) {
    await positionFile.close();
    throw error;
  }
}

/** Reads what may have been sent, and keeps no more of it than ids and subjects. (B2) */
async function findDoubts(
  { disk, publisher }: FolderOptions,
  segments: SegmentLog,
  from: number,
  end: number,
): Promise<Doubts> {
  const doubts = new Doubts(publisher);
  for await (const read of readLog({ disk, log: segments, from, awaitMore: async () => false })) {
    if (read.kind === 'missing') continue;
    if (read.record.number >= end) break;
    doubts.add(read.record);
  }
  return doubts;
}
