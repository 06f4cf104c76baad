// What is a backup, and what only looks like one.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { archivePath, BackupError, checkBackup, openEmpty, writeManifest } from './backup-files.ts';

const takenAt = new Date('2026-11-21T12:00:00Z');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longwave-backup-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function takeOne(): Promise<void> {
  await openEmpty(folder);
  await writeFile(archivePath(folder, 'nats'), 'messages');
  await writeFile(archivePath(folder, 'postgres'), 'rows');
  await writeManifest(folder, takenAt);
}

test('a backup that is whole says when it was taken', async () => {
  await takeOne();
  expect(await checkBackup(folder)).toMatchObject({ takenAt: takenAt.toISOString(), nats: { bytes: 8 } });
});

test.each(['nats', 'postgres'] as const)('a changed archive of %s is refused by name', async (store) => {
  await takeOne();
  await writeFile(archivePath(folder, store), 'changed');
  await expect(checkBackup(folder)).rejects.toThrow(`${store}.tar is damaged`);
});

test('a backup that was not finished has no manifest, and is none', async () => {
  await openEmpty(folder);
  await writeFile(archivePath(folder, 'nats'), 'messages');
  await expect(checkBackup(folder)).rejects.toThrow(BackupError);
});

test('nothing is written over an earlier backup', async () => {
  await takeOne();
  await expect(openEmpty(folder)).rejects.toThrow('is not empty; name another folder');
});
