// A lock that the kernel releases when its process dies, however it dies. Node offers no flock(2), and a file with a
// process id in it can neither be judged from another container nor be taken over without a race; SQLite, which is part
// of Node, locks its files properly on every system. Nothing is ever written to it.
import { DatabaseSync } from 'node:sqlite';
import { BufferError } from './buffer-error.ts';
import type { DiskLock } from './disk.ts';

/** https://sqlite.org/rescode.html */
const SQLITE_BUSY = 5;

/** Throws BufferError: `buffer-locked`, `buffer-disk-failed`. */
export function lockFile(path: string): DiskLock {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec('PRAGMA journal_mode = OFF; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    database?.close();
    if (isBusy(cause)) throw new BufferError('buffer-locked', `${path} is held by another process`, { cause });
    throw new BufferError('buffer-disk-failed', `${path} cannot be locked: ${String(cause)}`, { cause });
  }
  const held = database;
  return { release: () => held.close() };
}

function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
