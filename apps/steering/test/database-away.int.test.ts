// R5: Postgres away. A clear 503 with Retry-After, nothing half done, and recovery without a restart.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@longwave/database/testing';
import { startPostgres, type PostgresServer } from '@longwave/embedded';
import { temporaryFolder, until, type TemporaryFolder } from '@longwave/embedded/testing';
import type { Answer } from './support/client.ts';
import { migrations, startStation, type Station } from './support/station.ts';

/** Until connections that stood still are given up. */
const RECOVERY_MS = 20_000;

let folder: TemporaryFolder;
let postgres: PostgresServer;
let database: TestDatabase;
let station: Station;
beforeAll(async () => {
  folder = await temporaryFolder();
  postgres = await startPostgres({ dataDirectory: folder.path });
  database = await createTestDatabase({ serverUrl: postgres.url, directory: migrations });
  station = await startStation({ databaseUrl: database.url });
});
afterAll(async () => {
  await station.close();
  await postgres.stop();
  await folder.remove();
});

const make = (name: string): Promise<Answer> =>
  station.call('POST', '/shows/', { name }, { 'idempotency-key': encodeURIComponent(name) });

/** What the driver says, and nobody outside should read. */
const secrets = /ECONN|127\.0\.0\.1|postgres/;
const unavailable = { status: 503, body: { code: 'database-unavailable' } } as const;

async function isReady(): Promise<boolean> {
  return (await station.get('/health/ready')).status === 200;
}

/** Every show has been told once, and nothing was told of a show that is not there. */
async function expectNothingHalfDone(): Promise<void> {
  const told = (await station.messages('resource')).map(({ payload }) => Number(payload.data['id']));
  const { rows } = await station.pool.query<{ id: number }>('SELECT id FROM show ORDER BY id');
  expect(told.toSorted((left, right) => left - right)).toEqual(rows.map(({ id }) => id));
}

test('killed: reads and writes are told to come back, readiness says no; then all works again', async () => {
  const made = await make('Before the crash');
  const path = `/shows/${String(made.body['id'])}/`;
  await postgres.kill();
  const answers = [
    await station.get(path),
    await station.get('/shows/'),
    await make('During the crash'),
    await station.call('PATCH', path, { name: 'x' }),
    await station.call('DELETE', path),
    await station.call('PUT', '/packages/a/1.0.0', {}),
    await station.get('/packages/a/1.0.0'),
  ];
  for (const answer of answers) {
    expect(answer).toMatchObject(unavailable);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(answer.text).not.toMatch(secrets);
  }
  const ready = await station.get('/health/ready');
  expect(ready).toMatchObject({ status: 503, body: { checks: { database: { state: 'down' } } } });
  expect(ready.text).not.toMatch(secrets);
  expect((await station.get('/health/live')).status).toBe(200);
  postgres = await startPostgres({ dataDirectory: folder.path, port: postgres.port });
  await until('it is ready again', isReady, RECOVERY_MS);
  expect((await station.get(path)).text).toBe(made.text);
  expect((await make('During the crash')).status).toBe(201);
  await expectNothingHalfDone();
});

test('frozen: nobody waits longer than the deadline, and once it thaws all works again', async () => {
  await make('Warm');
  postgres.pause();
  const started = performance.now();
  const answers = await Promise.all([make('Frozen'), make('Frozen'), station.get('/shows/')]);
  expect(performance.now() - started).toBeLessThan(15_000);
  for (const answer of answers) expect(answer).toMatchObject(unavailable);
  postgres.resume();
  await until('it is ready again', isReady, RECOVERY_MS);
  expect((await make('Frozen')).status).toBe(201);
  const { rows } = await station.pool.query(`SELECT count(*)::int FROM show WHERE name = 'Frozen'`);
  expect(rows[0].count).toBe(1);
  await expectNothingHalfDone();
});

test('connections cut in the middle of transactions: each is whole or not there, and repeating completes them', async () => {
  let cutting = true;
  const cut = async (): Promise<void> => {
    while (cutting) {
      await station.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'steering' AND state <> 'idle'`,
      );
    }
  };
  const cutter = cut();
  const names = Array.from({ length: 200 }, (_, index) => `Cut ${index}`);
  const answers: Answer[] = [];
  for (let start = 0; start < names.length; start += 10) {
    answers.push(...(await Promise.all(names.slice(start, start + 10).map(make))));
  }
  cutting = false;
  await cutter;
  const statuses = new Set(answers.map(({ status }) => status));
  expect([...statuses].every((status) => status === 201 || status === 503)).toBe(true);
  expect(statuses.has(503)).toBe(true);
  for (const name of names) expect((await make(name)).status).toBe(201);
  const { rows } = await station.pool.query(`SELECT count(*)::int FROM show WHERE name LIKE 'Cut %'`);
  expect(rows[0].count).toBe(names.length);
  await expectNothingHalfDone();
});

test('read-only: reads work, writes are told to come back', async () => {
  const name = new URL(database.url).pathname.slice(1);
  const made = await make('Readable');
  const setReadOnly = async (value: 'on' | 'off'): Promise<void> => {
    await station.pool.query('SET default_transaction_read_only = off');
    await station.pool.query(`ALTER DATABASE ${name} SET default_transaction_read_only = ${value}`);
    await station.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()`,
      [name],
    );
  };
  await station.messages('resource');
  await setReadOnly('on');
  await until('it reads again', async () => (await station.get('/shows/')).status === 200);
  expect(await make('Unwritable')).toMatchObject(unavailable);
  expect((await station.get(`/shows/${String(made.body['id'])}/`)).text).toBe(made.text);
  expect(await station.get('/health/ready')).toMatchObject({
    status: 200,
    body: { checks: { database: { state: 'degraded' } } },
  });
  await setReadOnly('off');
  await until('it writes again', async () => (await make('Unwritable')).status === 201);
  await expectNothingHalfDone();
});
