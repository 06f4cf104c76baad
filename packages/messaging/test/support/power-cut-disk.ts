// A disk in memory that imitates what a real one does when the power is cut, when the process is killed, and when it is
// full: bytes that were not synced may be there, in part, or be zeros; names that were not synced may be there or not;
// a file that was full took a part of the last write. Every call is a step, and a cut can be made at each.
import { basename, dirname } from 'node:path';
import { BufferError, type Disk, type DiskFile } from '@longwave/messaging/buffer';

type Inode = { synced: Buffer; live: Buffer };

export type PowerCutDisk = Disk & {
  /** How many steps were taken. */
  readonly steps: () => number;
  /** From this step on everything fails; whether the step itself is still taken, is drawn. */
  cutAt(step: number): void;
  /** From now on writes fail as long as the files have more bytes than this; syncs fail while `null` is set. */
  limit(byteCount: number | null): void;
  /** The machine, or only the process, starts again: what is there then. Locks are gone. */
  restart(after: 'power-cut' | 'kill'): PowerCutDisk;
  /** What the files hold. */
  contents(): ReadonlyMap<string, Buffer>;
  /** Damages a file, durably. */
  replace(path: string, bytes: Buffer): void;
};

export class PowerCutError extends Error {
  override readonly name = 'PowerCutError';
}

export function powerCutDisk(random: () => number, files = new Map<string, Inode>()): PowerCutDisk {
  const live = new Map(files);
  let synced = new Map(files);
  const locks = new Set<string>();
  let steps = 0;
  let cut = Number.POSITIVE_INFINITY;
  let bytesMax: number | null = Number.POSITIVE_INFINITY;

  /** One step: fails before or after `take` when the power is cut here. */
  const step = async <T>(take: () => T): Promise<T> => {
    steps += 1;
    if (steps > cut) throw new PowerCutError('the power is off');
    if (steps < cut) return take();
    if (random() < 0.5) take();
    throw new PowerCutError(`the power was cut at step ${steps}`);
  };
  const find = (path: string): Inode => {
    const inode = live.get(path);
    if (inode === undefined) throw new Error(`ENOENT: ${path}`);
    return inode;
  };
  const fileOf = (inode: Inode): DiskFile => ({
    read: (offset, byteCount) => step(() => Buffer.from(inode.live.subarray(offset, offset + byteCount))),
    write: (offset, bytes) =>
      step(() => {
        const used = [...live.values()].reduce((sum, { live: { byteLength } }) => sum + byteLength, 0);
        const grows = Math.max(0, offset + bytes.byteLength - inode.live.byteLength);
        const room = Math.max(0, (bytesMax ?? Number.POSITIVE_INFINITY) - used);
        const taken = grows <= room ? bytes : bytes.subarray(0, Math.max(0, bytes.byteLength - grows + room));
        inode.live = overwritten(inode.live, offset, taken);
        if (taken !== bytes) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      }),
    truncate: (byteCount) => step(() => void (inode.live = Buffer.from(inode.live.subarray(0, byteCount)))),
    sync: () =>
      step(() => {
        if (bytesMax === null) throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });
        inode.synced = inode.live;
      }),
    close: async () => undefined,
  });

  return {
    lock: (path) => {
      if (locks.has(path)) throw new BufferError('buffer-locked', `${path} is held`);
      locks.add(path);
      return { release: () => locks.delete(path) };
    },
    makeFolder: () => step(() => undefined),
    list: (folder) =>
      step(() =>
        [...live]
          .filter(([path]) => dirname(path) === folder)
          .map(([path, inode]) => ({ name: basename(path), bytes: inode.live.byteLength })),
      ),
    create: (path) =>
      step(() => {
        if (live.has(path)) throw new Error(`EEXIST: ${path}`);
        const inode = { synced: Buffer.alloc(0), live: Buffer.alloc(0) };
        live.set(path, inode);
        return fileOf(inode);
      }),
    open: (path) => step(() => fileOf(find(path))),
    rename: (from, to) =>
      step(() => {
        live.set(to, find(from));
        live.delete(from);
      }),
    remove: (path) => step(() => void (find(path), live.delete(path))),
    syncFolder: () => step(() => void (synced = new Map(live))),
    steps: () => steps,
    cutAt: (at) => void (cut = at),
    limit: (byteCount) => void (bytesMax = byteCount),
    restart: (after) => powerCutDisk(random, after === 'kill' ? copied(live) : survivors(live, synced, random)),
    contents: () => new Map([...live].map(([path, inode]) => [path, inode.live])),
    replace: (path, bytes) => Object.assign(find(path), { synced: bytes, live: bytes }),
  };
}

function overwritten(before: Buffer, offset: number, bytes: Uint8Array): Buffer {
  const after = Buffer.alloc(Math.max(before.byteLength, offset + bytes.byteLength));
  before.copy(after);
  after.set(bytes, offset);
  return after;
}

/** What runs on it next does not change what was there before. */
function copied(files: ReadonlyMap<string, Inode>): Map<string, Inode> {
  return new Map([...files].map(([path, inode]) => [path, { ...inode }]));
}

/** Of every name and every byte that was not synced, the old or the new state is drawn. */
function survivors(
  live: ReadonlyMap<string, Inode>,
  synced: ReadonlyMap<string, Inode>,
  random: () => number,
): Map<string, Inode> {
  const left = new Map<string, Inode>();
  for (const path of new Set([...live.keys(), ...synced.keys()])) {
    const inode = live.get(path) === synced.get(path) || random() < 0.5 ? synced.get(path) : live.get(path);
    if (inode === undefined) continue;
    const bytes = settledBytes(inode, random);
    left.set(path, { synced: bytes, live: bytes });
  }
  return left;
}

/** The synced bytes, then a part of what was written behind or over them, or zeros. */
function settledBytes({ synced, live }: Inode, random: () => number): Buffer {
  if (synced === live) return synced;
  const reached = Math.trunc(random() * (live.byteLength + 1));
  if (reached < synced.byteLength) {
    // In place, or cut off: as much of the new as has reached the disk, then the old.
    return live.byteLength < synced.byteLength && random() < 0.5
      ? Buffer.from(live)
      : Buffer.concat([live.subarray(0, reached), synced.subarray(reached)]);
  }
  const zeros = random() < 0.5 ? 0 : Math.trunc(random() * (live.byteLength - reached + 1));
  return Buffer.concat([live.subarray(0, reached), Buffer.alloc(zeros)]);
}
