// The promises M1 to M4 of the applier, against a real Postgres.
import { randomUUID } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';

import { applyMigrations, MigrationError, migrationStatus } from '../src/index.ts';
import type { TestDatabase } from '../src/testing/index.ts';
import { createEmptyDatabase, query } from './support/empty-database.ts';
import { makePrismaFolder, type PrismaFolder, station } from './support/migrations-folder.ts';

const first = '20260101000000_first';
const second = '20260102000000_second';
const third = '20260103000000_third';

let database: TestDatabase;
let folder: PrismaFolder;

beforeEach(async () => {
  [database, folder] = await Promise.all([createEmptyDatabase(), makePrismaFolder()]);
  await folder.write(first, 'CREATE TABLE show (id int PRIMARY KEY, plays int NOT NULL DEFAULT 0);');
  await folder.write(second, 'CREATE TABLE timeslot (id int PRIMARY KEY);');
});

afterEach(async () => {
  await Promise.all([database.drop(), folder.remove()]);
});

const apply = () => applyMigrations({ url: database.url, directory: folder.directory });
const status = () => migrationStatus({ url: database.url, directory: folder.directory });

async function failure(work: Promise<unknown>): Promise<MigrationError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof MigrationError) return error;
  throw new Error('expected a MigrationError', { cause: error });
}

async function exists(relation: string): Promise<boolean> {
  const rows = await query(database.url, 'SELECT to_regclass($1) IS NOT NULL AS there', [relation]);
  return rows[0]?.['there'] === true;
}

describe('applying', () => {
  test('applies every file once, in order, and says which', async () => {
    const told: string[] = [];
    const result = await applyMigrations({
      url: database.url,
      directory: folder.directory,
      onApplied: (name) => told.push(name),
    });
    expect(result).toEqual({ applied: [first, second], total: 2 });
    expect(told).toEqual([first, second]);
    expect(await apply()).toEqual({ applied: [], total: 2 });
  });

  test('applies a file that was added later', async () => {
    await apply();
    await folder.write(third, 'CREATE TABLE episode (id int)');
    expect(await apply()).toEqual({ applied: [third], total: 3 });
  });

  test('functions with $$ bodies, triggers, and semicolons in quotes and comments are one statement each', async () => {
    await applyMigrations({ url: database.url, directory: `${station}migrations` });
    await query(database.url, `INSERT INTO show (name, updated_at) VALUES ('News', '2000-01-01')`);
    await query(database.url, `UPDATE show SET name = 'Late News'`);
    const rows = await query(database.url, `SELECT updated_at > '2026-01-01' AS touched FROM show`);
    expect(rows).toEqual([{ touched: true }]);
  });

  test('a file leaves no search_path, role or setting to the next', async () => {
    await folder.write(
      first,
      'CREATE SCHEMA other; SET search_path TO other; SET statement_timeout = 1; SET ROLE pg_monitor',
    );
    await apply();
    expect(await exists('public.timeslot')).toBe(true);
    expect((await status()).applied).toEqual([first, second]);
  });

  test('a database of a newer release is left alone', async () => {
    await folder.write(third, 'CREATE TABLE episode (id int)');
    await apply();
    const older = await makePrismaFolder();
    await older.write(first, 'CREATE TABLE show (id int PRIMARY KEY, plays int NOT NULL DEFAULT 0);');
    const options = { url: database.url, directory: older.directory };
    expect(await applyMigrations(options)).toEqual({ applied: [], total: 1 });
    expect((await migrationStatus(options)).unknown).toEqual([second, third]);
    await older.remove();
  });
});

describe('M1 nobody migrates at the same moment', () => {
  test('of eight concurrent appliers one applies each file and the others find it done', async () => {
    await folder.write(third, 'SELECT pg_sleep(0.1); CREATE TABLE episode (id int)');
    const results = await Promise.all(Array.from({ length: 8 }, apply));
    expect(results.flatMap((result) => result.applied).toSorted()).toEqual([first, second, third]);
    const rows = await query(database.url, 'SELECT count(*)::int AS n FROM _prisma_migrations');
    expect(rows).toEqual([{ n: 3 }]);
  });

  test('a lock that is never given back ends in a clear error', async () => {
    const holder = randomUUID();
    const sleeping = query(database.url, `SELECT pg_advisory_lock(72707369), pg_sleep(60) /* ${holder} */`);
    const stopped = sleeping.catch(() => undefined);
    await until(
      'the other applier holds the lock',
      async () => {
        const rows = await query(
          database.url,
          `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 72707369
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        );
        return rows.length > 0;
      },
      5_000,
    );
    const options = { url: database.url, directory: folder.directory, lockWaitMs: 50 };
    expect(await failure(applyMigrations(options))).toMatchObject({ code: 'lock-timeout' });
    await query(
      database.url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE $1 AND pid <> pg_backend_pid()`,
      [`%${holder}%`],
    );
    await stopped;
    expect((await apply()).applied).toEqual([first, second]);
  });
});

describe('M2 a file is applied whole or not at all', () => {
  test('what a failing file did before the failure is gone, and the files before it stay', async () => {
    await folder.write(
      third,
      'CREATE TABLE half (id int);\nINSERT INTO show (id) VALUES (1);\nALTER TABLE nowhere ADD x int;',
    );
    const error = await failure(apply());
    expect(error).toMatchObject({ code: 'sql-failed', migration: third });
    expect(await exists('half')).toBe(false);
    expect(await query(database.url, 'SELECT * FROM show')).toEqual([]);
    expect(await status()).toMatchObject({ applied: [first, second], pending: [third], unfinished: [] });
  });

  test('a failure at the commit rolls back too', async () => {
    await folder.write(
      third,
      `
      CREATE TABLE child (id int REFERENCES show DEFERRABLE INITIALLY DEFERRED);
      INSERT INTO child VALUES (7);`,
    );
    expect(await failure(apply())).toMatchObject({ code: 'sql-failed', migration: third });
    expect(await exists('child')).toBe(false);
  });

  test('a file that commits by itself is named, and nothing is applied before somebody looked', async () => {
    await folder.write(third, 'CREATE TABLE half (id int); COMMIT; CREATE TABLE other_half (id int);');
    expect(await failure(apply())).toMatchObject({ code: 'own-transaction', migration: third });
    expect(await failure(apply())).toMatchObject({ code: 'failed-before', migration: third });
    expect((await status()).unfinished).toEqual([third]);
  });

  test('a failure after a commit of its own is not taken for rolled back', async () => {
    await folder.write(third, 'CREATE TABLE half (id int); COMMIT; ALTER TABLE nowhere ADD x int;');
    expect(await failure(apply())).toMatchObject({ code: 'own-transaction', migration: third });
    expect(await exists('half')).toBe(true);
  });

  test('a connection that dies in the middle leaves nothing, and the next run finishes', async () => {
    const marker = randomUUID();
    await folder.write(third, `CREATE TABLE half (id int); SELECT pg_sleep(60); /* ${marker} */`);
    const dying = failure(apply());
    await until(
      'the file is running',
      async () => {
        const rows = await query(
          database.url,
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE $1 AND pid <> pg_backend_pid()`,
          [`%${marker}%`],
        );
        return rows.length > 0;
      },
      5_000,
    );
    expect(await dying).toMatchObject({ code: 'connection-lost', migration: third });
    await folder.write(third, 'CREATE TABLE half (id int)');
    expect((await apply()).applied).toEqual([third]);
  });
});

describe('M3 what was applied is what the repository says', () => {
  test('an edited file is refused and named, before anything else is applied', async () => {
    await apply();
    await folder.write(first, 'CREATE TABLE show (id bigint PRIMARY KEY);');
    await folder.write(third, 'CREATE TABLE episode (id int)');
    expect(await failure(apply())).toMatchObject({ code: 'edited', migration: first });
    expect(await exists('episode')).toBe(false);
    expect((await status()).edited).toEqual([first]);
  });

  test('a file whose line endings were changed by Git is not edited', async () => {
    await folder.write(third, 'CREATE TABLE a (id int);\nCREATE TABLE b (id int);\n');
    await apply();
    await folder.write(third, 'CREATE TABLE a (id int);\r\nCREATE TABLE b (id int);\r\n');
    expect((await apply()).applied).toEqual([]);
    expect((await status()).edited).toEqual([]);
  });

  test('a file that sorts before an applied one is refused', async () => {
    await apply();
    await folder.write('20260101120000_late', 'CREATE TABLE late (id int)');
    expect(await failure(apply())).toMatchObject({ code: 'out-of-order', migration: '20260101120000_late' });
  });
});

describe('M4 a failure is told and remembered', () => {
  test('the message names file and line, the history keeps it, the corrected file is applied', async () => {
    await folder.write(third, `-- Ünïcode counts as one character: 📻\nSELECT 1;\n\nDELETE FROM nowhere;`);
    const error = await failure(apply());
    expect(error.message).toContain(`${third}/migration.sql:4: relation "nowhere" does not exist`);
    const rows = await query(database.url, 'SELECT logs FROM _prisma_migrations WHERE rolled_back_at IS NOT NULL');
    expect(rows).toEqual([{ logs: expect.stringContaining('nowhere') }]);
    await folder.write(third, 'ALTER TABLE show ADD x int');
    expect((await apply()).applied).toEqual([third]);
  });

  test('an attempt that somebody else left unfinished is refused until it is marked as rolled back', async () => {
    await apply();
    await query(
      database.url,
      `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', 'y', '${third}')`,
    );
    await folder.write(third, 'CREATE TABLE episode (id int)');
    const error = await failure(apply());
    expect(error).toMatchObject({ code: 'failed-before', migration: third });
    const advice = /UPDATE .*$/u.exec(error.message)?.[0] ?? '';
    await query(database.url, advice);
    expect((await apply()).applied).toEqual([third]);
  });

  test('a folder without its file is named', async () => {
    const options = { url: database.url, directory: `${folder.directory}/nowhere` };
    expect(await failure(applyMigrations(options))).toMatchObject({ code: 'invalid-files' });
  });
});

test('status looks and changes nothing', async () => {
  expect(await status()).toEqual({ applied: [], pending: [first, second], edited: [], unknown: [], unfinished: [] });
  expect(await exists('_prisma_migrations')).toBe(false);
});
