// How far the buffer is, in a file of its own: two slots that are written in turn, so that a write that is cut short costs
// the older of two truths at most, and no file has to be made or renamed for it, not even on a full disk.
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Disk, DiskFile } from './disk.ts';

/** Messages before `settledBelow` are done with. None at or after `sendingBelow` was ever sent by anybody. */
export type Position = { readonly settledBelow: number; readonly sendingBelow: number };

export type PositionFile = {
  /** What was written last; null when nothing was. */
  readonly position: Position | null;
  /** A slot cannot be read, so there may have been a later position. */
  readonly isDoubtful: boolean;
  /** Resolves when it is synced; when it rejects, one of the last two positions holds. One at a time. */
  write(position: Position): Promise<void>;
  close(): Promise<void>;
};

const FILE_NAME = 'position';
/** Apart by more than what a disk writes at once. */
const SLOT_BYTES = 4_096;
const FACT_BYTES = 24;
const MARKER = 0x5042_574c;

type Slot = Position & { readonly turn: number };

export async function openPositionFile(disk: Disk, directory: string): Promise<PositionFile> {
  const files = await disk.list(directory);
  const path = join(directory, FILE_NAME);
  const isThere = files.some(({ name }) => name === FILE_NAME);
  const file = isThere ? await disk.open(path) : await disk.create(path);
  try {
    const slots = await Promise.all([0, 1].map((slot) => readSlot(file, slot)));
    const known = slots.filter((slot) => typeof slot === 'object').sort((one, other) => one.turn - other.turn);
    const newest = known.at(-1) ?? null;
    if (newest === null) await blank(disk, file, directory);
    return positionIn(file, newest, slots.includes('unreadable'));
  } catch (error) {
    await file.close();
    throw error;
  }
}

function positionIn(file: DiskFile, newest: Slot | null, isDoubtful: boolean): PositionFile {
  let turn = newest?.turn ?? 0;
  return {
    position: newest,
    isDoubtful,
    write: async (position) => {
      await file.write(((turn + 1) % 2) * SLOT_BYTES, encodeSlot({ ...position, turn: turn + 1 }));
      await file.sync();
      turn += 1;
    },
    close: () => file.close(),
  };
}

/** Takes the place on disk that all later writes need. */
async function blank(disk: Disk, file: DiskFile, directory: string): Promise<void> {
  await file.write(0, Buffer.alloc(2 * SLOT_BYTES));
  await file.sync();
  await disk.syncFolder(directory);
}

function encodeSlot({ turn, settledBelow, sendingBelow }: Slot): Buffer {
  const bytes = Buffer.alloc(FACT_BYTES + 4);
  bytes.writeUInt32LE(MARKER, 0);
  bytes.writeUIntLE(turn, 4, 6);
  bytes.writeUIntLE(settledBelow, 10, 6);
  bytes.writeUIntLE(sendingBelow, 16, 6);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, FACT_BYTES)), FACT_BYTES);
  return bytes;
}

async function readSlot(file: DiskFile, slot: number): Promise<Slot | 'blank' | 'unreadable'> {
  const bytes = await file.read(slot * SLOT_BYTES, FACT_BYTES + 4);
  if (bytes.every((byte) => byte === 0)) return 'blank';
  if (bytes.byteLength < FACT_BYTES + 4 || bytes.readUInt32LE(0) !== MARKER) return 'unreadable';
  if (bytes.readUInt32LE(FACT_BYTES) !== crc32(bytes.subarray(0, FACT_BYTES))) return 'unreadable';
  return {
    turn: bytes.readUIntLE(4, 6),
    settledBelow: bytes.readUIntLE(10, 6),
    sendingBelow: bytes.readUIntLE(16, 6),
  };
}
