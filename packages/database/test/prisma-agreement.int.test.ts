// Prisma's own engine reads our history as we mean it, so that `prisma migrate status` and `deploy` stay usable.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { applyMigrations } from '../src/index.ts';
import type { TestDatabase } from '../src/testing/index.ts';
import { createEmptyDatabase } from './support/empty-database.ts';
import { makePrismaFolder, type PrismaFolder } from './support/migrations-folder.ts';

const first = '20260101000000_first';
const second = '20260102000000_second';
let database: TestDatabase;
let folder: PrismaFolder;

beforeEach(async () => {
  [database, folder] = await Promise.all([createEmptyDatabase(), makePrismaFolder()]);
  await folder.write(first, 'CREATE TABLE show (id int PRIMARY KEY);\n');
});

afterEach(async () => {
  await Promise.all([database.drop(), folder.remove()]);
});

const apply = () => applyMigrations({ url: database.url, directory: folder.directory });

async function diagnose(): Promise<unknown> {
  const script = fileURLToPath(new URL('./support/prisma-diagnosis.ts', import.meta.url));
  const flags = ['--conditions=@longwave/source', '--disable-warning=ExperimentalWarning'];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, database.url, folder.directory]);
  return JSON.parse(stdout);
}

const upToDate = { hasMigrationsTable: true, editedMigrationNames: [], failedMigrationNames: [], history: null };

test('what we applied is applied to Prisma, by the same checksum', async () => {
  await apply();
  expect(await diagnose()).toEqual(upToDate);
});

test('what we rolled back is pending to Prisma, not failed', async () => {
  await apply();
  await folder.write(second, 'SELECT broken;');
  await expect(apply()).rejects.toMatchObject({ code: 'sql-failed' });
  expect(await diagnose()).toMatchObject({
    failedMigrationNames: [],
    history: { diagnostic: 'databaseIsBehind', unappliedMigrationNames: [second] },
  });
});

test('what may be half applied is failed to Prisma too', async () => {
  await folder.write(second, 'COMMIT;');
  await expect(apply()).rejects.toMatchObject({ code: 'own-transaction' });
  expect(await diagnose()).toMatchObject({ failedMigrationNames: [second] });
});

test('what we call edited Prisma calls edited', async () => {
  await apply();
  await folder.write(first, 'CREATE TABLE show (id bigint PRIMARY KEY);\n');
  await expect(apply()).rejects.toMatchObject({ code: 'edited' });
  expect(await diagnose()).toMatchObject({ editedMigrationNames: [first] });
});

test('changed line endings are no edit to Prisma either', async () => {
  await apply();
  await folder.write(first, 'CREATE TABLE show (id int PRIMARY KEY);\r\n');
  expect(await diagnose()).toEqual(upToDate);
});
