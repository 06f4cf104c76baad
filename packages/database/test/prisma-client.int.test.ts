// The layout that services follow, with the real Prisma client: `prisma generate` without downloads, the shared pool,
// and what Prisma's many errors mean.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import type { Pool } from 'pg';

import { createPool, createPrismaAdapter, databaseFailure } from '../src/index.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/index.ts';
import { query, serverUrl } from './support/empty-database.ts';
import { station } from './support/migrations-folder.ts';

const fixture = fileURLToPath(new URL('./fixtures/station/', import.meta.url));

/** What these tests use of the generated client, whose types exist only after `prisma generate`. */
type Client = {
  readonly show: { create: (query: object) => Promise<unknown>; findMany: (query?: object) => Promise<unknown[]> };
  readonly timeslot: { create: (query: object) => Promise<unknown> };
  $queryRawUnsafe: (sql: string) => Promise<unknown>;
  $transaction: <Result>(work: (tx: Client) => Promise<Result>, options?: object) => Promise<Result>;
  $disconnect: () => Promise<void>;
};

let database: TestDatabase;
let makeClient: (pool: Pool) => Client;
let emptyHome: string;
const opened: { pool: Pool; client: Client }[] = [];

beforeAll(async () => {
  emptyHome = await mkdtemp(join(tmpdir(), 'longwave-home-'));
  const cli = createRequire(import.meta.url).resolve('prisma/build/index.js');
  await promisify(execFile)(process.execPath, [cli, 'generate'], {
    cwd: fixture,
    // No shell variables, no cache, and every download would be refused.
    env: { HOME: emptyHome, PRISMA_ENGINES_MIRROR: 'http://127.0.0.1:1', CHECKPOINT_DISABLE: '1' },
  });
  const generated = (await import(`${fixture}src/generated/prisma/client.ts`)) as {
    PrismaClient: new (options: object) => Client;
  };
  makeClient = (pool) => new generated.PrismaClient({ adapter: createPrismaAdapter(pool) });
  database = await createTestDatabase({ serverUrl, directory: `${station}migrations` });
});

afterEach(async () => {
  for (const { pool, client } of opened.splice(0)) {
    await client.$disconnect();
    if (!pool.ended) await pool.end();
  }
});

afterAll(async () => {
  await database.drop();
  await rm(emptyHome, { recursive: true });
});

function open(url = database.url, connectionsMax = 4): Client {
  const pool = createPool(url, {
    applicationName: 'prisma-test',
    connectionsMax,
    statementTimeoutMs: 2_000,
    acquireTimeoutMs: 500,
    onConnectionLost: () => undefined,
  });
  const client = makeClient(pool);
  opened.push({ pool, client });
  return client;
}

async function meaning(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no failure',
    (error: unknown) => databaseFailure(error),
  );
}

const timeslot = (showId: number) => ({ data: { showId, start: new Date(), end: new Date() } });

test('the generated client reads and writes every type the services use', async () => {
  const client = open();
  const data = {
    name: 'Types',
    kind: 'recorded',
    settings: { jingle: true },
    logo: new Uint8Array([1, 2]),
    plays: 2n ** 60n,
  };
  await client.show.create({ data });
  expect(await client.show.findMany({ where: { name: 'Types' } })).toEqual([
    { ...data, id: expect.any(Number), updatedAt: expect.anything() },
  ]);
});

test('the pool outlives the client: who made it ends it', async () => {
  const client = open();
  await client.show.findMany();
  await client.$disconnect();
  expect(opened[0]?.pool.ended).toBe(false);
  await opened[0]?.pool.query('SELECT 1');
});

describe('what a failure means', () => {
  test('a name that is taken is a unique violation, in an ordinary and in a raw query', async () => {
    const client = open();
    await client.show.create({ data: { name: 'Taken' } });
    expect(await meaning(client.show.create({ data: { name: 'Taken' } }))).toBe('unique-violation');
    const raw = client.$queryRawUnsafe(`INSERT INTO show (name) VALUES ('Taken') RETURNING id`);
    expect(await meaning(raw)).toBe('unique-violation');
  });

  test('a reference to nothing is a foreign key violation', async () => {
    const client = open();
    expect(await meaning(client.timeslot.create(timeslot(-1)))).toBe('foreign-key-violation');
    const raw = client.$queryRawUnsafe(
      `INSERT INTO timeslot (show_id, start, "end") VALUES (-1, now(), now()) RETURNING id`,
    );
    expect(await meaning(raw)).toBe('foreign-key-violation');
  });

  test('two transactions that collide are a serialization failure', async () => {
    const client = open();
    const bothHaveRead = Promise.withResolvers<void>();
    let readers = 0;
    const write = (name: string) =>
      client.$transaction(
        async (tx) => {
          await tx.show.findMany();
          readers += 1;
          if (readers === 2) bothHaveRead.resolve();
          await bothHaveRead.promise;
          await tx.show.create({ data: { name } });
        },
        { isolationLevel: 'Serializable' },
      );
    const meanings = await Promise.all([meaning(write('One')), meaning(write('Two'))]);
    expect(meanings.toSorted()).toEqual(['no failure', 'serialization']);
  });

  test('a deadlock is a serialization failure', async () => {
    const client = open();
    await client.$queryRawUnsafe('CREATE TABLE IF NOT EXISTS knot AS SELECT generate_series(1, 2) AS id');
    const bothHold = Promise.withResolvers<void>();
    let holders = 0;
    const lock = (ids: readonly number[]) =>
      client.$transaction(async (tx) => {
        for (const id of ids) {
          await tx.$queryRawUnsafe(`SELECT id FROM knot WHERE id = ${id} FOR UPDATE`);
          holders += 1;
          if (holders === 2) bothHold.resolve();
          await bothHold.promise;
        }
      });
    const meanings = await Promise.all([meaning(lock([1, 2])), meaning(lock([2, 1]))]);
    expect(meanings.toSorted()).toEqual(['no failure', 'serialization']);
  });

  test('a statement that takes too long, a pool that is used up and a cut connection are unavailability', async () => {
    const client = open(database.url, 1);
    expect(await meaning(client.$queryRawUnsafe('SELECT pg_sleep(60)::text'))).toBe('unavailable');
    const held = client.$transaction(async (tx) => {
      await tx.show.findMany();
      expect(await meaning(client.show.findMany())).toBe('unavailable');
      await query(
        database.url,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'prisma-test'`,
      );
      await tx.show.create({ data: { name: 'Cut' } });
    });
    expect(await meaning(held)).toBe('unavailable');
    await until('the client works again', async () => (await meaning(client.show.findMany())) === 'no failure', 5_000);
  });

  test.each([
    ['nobody listens', () => 'postgres://postgres@127.0.0.1:1/nowhere'],
    ['the host has no address', () => 'postgres://postgres@nowhere.invalid/nowhere'],
    ['the database does not exist', () => database.url.replace(/[^/]+$/u, 'nowhere')],
  ])('%s: unavailable', async (_what, url) => {
    const client = open(url());
    expect(await meaning(client.show.findMany())).toBe('unavailable');
    expect(await meaning(client.$transaction((tx) => tx.show.findMany()))).toBe('unavailable');
  });

  test('a database that takes no writes is unavailable for them', async () => {
    const client = open(`${database.url}?options=-c%20default_transaction_read_only%3Don`);
    expect(await meaning(client.show.create({ data: { name: 'Read-only' } }))).toBe('unavailable');
    expect(await meaning(client.show.findMany())).toBe('no failure');
  });

  test('a mistake of the program is none of these', async () => {
    const client = open();
    expect(await meaning(client.$queryRawUnsafe('SELECT * FROM nowhere'))).toBe('other');
    expect(await meaning(client.show.create({ data: { nme: 'Typo' } }))).toBe('other');
    expect(await meaning(client.$transaction(() => Promise.reject(new Error('ours'))))).toBe('other');
  });
});
