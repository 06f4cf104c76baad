// The real disk. Files are the owner's alone: what waits here may be confidential.
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Disk, DiskFile } from './disk.ts';
import { lockFile } from './lock-file.ts';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

export const nodeDisk: Disk = {
  lock: lockFile,
  makeFolder,
  list: async (folder) => {
    const entries = await readdir(folder, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    return Promise.all(names.map(async (name) => ({ name, bytes: (await stat(join(folder, name))).size })));
  },
  create: async (path) => fileOf(await open(path, 'wx+', FILE_MODE)),
  open: async (path) => fileOf(await open(path, 'r+')),
  rename,
  remove: (path) => rm(path),
  syncFolder,
};

async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  if (first === undefined) return;
  const top = dirname(resolve(first));
  for (let above = dirname(resolve(folder)); above.length >= top.length; above = dirname(above)) {
    await syncFolder(above);
    if (above === top) return;
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folder, and its file systems keep a journal of names.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function fileOf(handle: FileHandle): DiskFile {
  return {
    read: (offset, byteCount) => readAll(handle, offset, byteCount),
    write: (offset, bytes) => writeAll(handle, offset, bytes),
    truncate: (byteCount) => handle.truncate(byteCount),
    // fdatasync(2) writes the length, too, because the bytes could not be found without it.
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

async function readAll(handle: FileHandle, offset: number, byteCount: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(byteCount);
  let filled = 0;
  while (filled < byteCount) {
    const { bytesRead } = await handle.read(bytes, filled, byteCount - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

async function writeAll(handle: FileHandle, offset: number, bytes: Uint8Array): Promise<void> {
  let written = 0;
  // A disk that becomes full takes a part first and fails at the next write.
  while (written < bytes.byteLength) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.byteLength - written, offset + written);
    written += bytesWritten;
  }
}
