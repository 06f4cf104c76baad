// Opens the buffer in a folder: the one place where it is put together.
import { randomInt } from 'node:crypto';
import type { Log } from '../log.ts';
import type { Publisher } from '../ports.ts';
import { systemTime, type Time } from '../time.ts';
import { onDisk } from './buffer-error.ts';
import type { Disk } from './disk.ts';
import { MessageBuffer, type BufferLoss } from './message-buffer.ts';
import { nodeDisk } from './node-disk.ts';
import { openFolder } from './open-folder.ts';

export type BufferOptions = {
  /** Made if it is not there. Nobody else may write into it. */
  readonly directory: string;
  readonly publisher: Publisher;
  /** What the folder may take. What is acknowledged goes on taking its place until its segment is removed. */
  readonly bytesMax: number;
  /** `refuse`: `publish` rejects. `drop-oldest`: a sixteenth of the buffer makes room, and `onLoss` is told. */
  readonly whenFull: 'refuse' | 'drop-oldest';
  /** Told of messages that were taken and will not arrive. */
  readonly onLoss?: (loss: BufferLoss) => void;
  readonly log: Log;
  readonly time?: Time;
  readonly disk?: Disk;
  /** A number of 32 bits that nobody can guess. */
  readonly newSalt?: () => number;
};

const BYTES_MIN = 16 * 1024;

/**
 * Begins to send what an earlier process left. The broker may be away. Throws BufferError: `buffer-locked`,
 * `buffer-disk-failed`, `buffer-format-unknown`; RangeError when `bytesMax` is no size.
 */
export async function openBuffer(options: BufferOptions): Promise<MessageBuffer> {
  const { directory, publisher, bytesMax, log, time = systemTime, disk = nodeDisk } = options;
  const { newSalt = () => randomInt(2 ** 32), onLoss = () => undefined } = options;
  if (!Number.isSafeInteger(bytesMax) || bytesMax < BYTES_MIN) {
    throw new RangeError(`bytesMax is ${bytesMax}; a buffer takes ${BYTES_MIN} bytes at least`);
  }
  const opening = { disk, directory, bytesMax, newSalt, publisher, log };
  const folder = await onDisk(`opening the buffer in ${directory}`, () => openFolder(opening));
  return new MessageBuffer({ publisher, bytesMax, whenFull: options.whenFull, onLoss, log, time, disk }, folder);
}
