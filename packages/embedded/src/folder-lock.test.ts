import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { identify } from './process-life.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'folder-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const GONE = { pid: 2 ** 22 + 1, birth: '1' };
const leaveLock = (holder: unknown): void => writeFileSync(join(folder, 'longwave.lock'), JSON.stringify(holder));

test('E2 a held folder is refused with the process that holds it', async () => {
  const lock = await lockFolder(folder, 'nats-server');
  await expect(lockFolder(folder, 'nats-server')).rejects.toMatchObject({
    code: 'already-running',
    message: `nats-server is already running on the data folder ${folder} (process ${process.pid}). Stop that one first, or give this one another folder.`,
  });
  lock.release();
});

test('E2 a released folder can be locked again, and nothing is left in it', async () => {
  (await lockFolder(folder, 'Postgres')).release();
  (await lockFolder(folder, 'Postgres')).release();
  expect(readdirSync(folder)).toEqual([]);
});

test('E2 of many at once on a stale lock exactly one gets it', async () => {
  leaveLock({ token: 'old', owner: GONE, server: GONE });
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder, 'nats-server')));
  const locks = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  expect(locks).toHaveLength(1);
  locks.forEach((lock) => lock.release());
});

test.each([
  ['whose processes are gone', { token: 'old', owner: GONE, server: GONE }],
  ['whose start was cut off', { token: 'old', owner: GONE, server: null }],
  ['whose process id belongs to another process now', { token: 'old', owner: { pid: process.pid, birth: '1' } }],
  ['that makes no sense', ['?']],
])('E2 a lock %s counts for nothing', async (_, holder) => {
  leaveLock(holder);
  (await lockFolder(folder, 'nats-server')).release();
});

test('E2 a torn lock counts for nothing', async () => {
  writeFileSync(join(folder, 'longwave.lock'), '');
  (await lockFolder(folder, 'nats-server')).release();
});

test('E2 a server whose owner is gone is waited for', async () => {
  const departing = { token: 'old', owner: GONE, server: identify(process.pid) };
  leaveLock(departing);
  let lock: FolderLock | undefined;
  const locking = lockFolder(folder, 'nats-server').then((got) => (lock = got));
  await new Promise((resolve) => setImmediate(resolve));
  expect(lock).toBeUndefined();
  leaveLock({ ...departing, server: GONE });
  (await locking).release();
});

test('E2 an old owner’s release leaves a new owner’s lock alone', async () => {
  const old = await lockFolder(folder, 'nats-server');
  leaveLock({ token: 'new', owner: identify(process.pid), server: null });
  old.release();
  await expect(lockFolder(folder, 'nats-server')).rejects.toMatchObject({ code: 'already-running' });
});
