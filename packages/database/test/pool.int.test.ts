// The promises P1 and P2 of the pool, and the readiness check, while connections are cut and the network goes silent.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import type { Pool } from 'pg';

import { checkDatabase, createPool, databaseFailure, databaseHealth, type PoolOptions } from '../src/index.ts';
import type { TestDatabase } from '../src/testing/index.ts';
import { createEmptyDatabase, query } from './support/empty-database.ts';
import { type SilentProxy, startSilentProxy } from './support/silent-proxy.ts';

let database: TestDatabase;
let proxy: SilentProxy;
const pools: Pool[] = [];

beforeAll(async () => {
  database = await createEmptyDatabase();
  proxy = await startSilentProxy(database.url);
});

afterEach(async () => {
  proxy.recover();
  await Promise.all(pools.splice(0).map((pool) => pool.end()));
});

afterAll(async () => {
  await proxy.stop();
  await database.drop();
});

function makePool(url: string, options: Partial<PoolOptions> = {}): { pool: Pool; losses: Error[] } {
  const losses: Error[] = [];
  const pool = createPool(url, {
    applicationName: 'pool-test',
    connectionsMax: 2,
    statementTimeoutMs: 300,
    acquireTimeoutMs: 300,
    onConnectionLost: (error) => losses.push(error),
    ...options,
  });
  pools.push(pool);
  return { pool, losses };
}

async function failure(work: Promise<unknown>): Promise<{ error: unknown; afterMs: number }> {
  const start = performance.now();
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, afterMs: performance.now() - start };
}

describe('P1 every wait has an end', () => {
  test('a statement that takes too long is cancelled by the server, and the connection is used again', async () => {
    const { pool, losses } = makePool(database.url);
    const { error } = await failure(pool.query('SELECT pg_sleep(60)'));
    expect(error).toMatchObject({ code: '57014' });
    expect(databaseFailure(error)).toBe('unavailable');
    await pool.query('SELECT 1');
    expect(losses).toEqual([]);
  });

  test('who waits for a connection that is not given back is told so', async () => {
    const { pool } = makePool(database.url, { statementTimeoutMs: 10_000 });
    const clients = await Promise.all([pool.connect(), pool.connect()]);
    const { error } = await failure(pool.query('SELECT 1'));
    expect(databaseFailure(error)).toBe('unavailable');
    for (const client of clients) client.release();
  });

  test('a network that goes silent in the middle of a transaction ends the statement, and the pool recovers', async () => {
    const { pool, losses } = makePool(proxy.url);
    const client = await pool.connect();
    await client.query('BEGIN');
    proxy.silence();
    const { error, afterMs } = await failure(client.query('SELECT 1'));
    expect(databaseFailure(error)).toBe('unavailable');
    expect(afterMs).toBeLessThan(3_500);
    client.release();
    expect(losses).toHaveLength(1);
    proxy.recover();
    await pool.query('SELECT 1');
  });

  test('a transaction that was forgotten is ended by the server', async () => {
    const { pool, losses } = makePool(database.url);
    const client = await pool.connect();
    await client.query('BEGIN');
    await until('the loss is told', () => losses.length > 0, 5_000);
    expect(databaseFailure(losses[0])).toBe('unavailable');
    client.release();
    await pool.query('SELECT 1');
  });
});

describe('P2 the death of a connection is news, never a crash', () => {
  const cut = () =>
    query(database.url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pool-test'`);

  test('an idle connection and one between two statements of a transaction are each told once', async () => {
    const { pool, losses } = makePool(database.url, { statementTimeoutMs: 10_000 });
    const [busy, idle] = await Promise.all([pool.connect(), pool.connect()]);
    await busy.query('BEGIN');
    await idle.query('SELECT 1');
    idle.release();
    await cut();
    await until('both are told', () => losses.length === 2, 5_000);
    expect(losses.map(databaseFailure)).toEqual(['unavailable', 'unavailable']);
    expect(databaseFailure((await failure(busy.query('COMMIT'))).error)).toBe('unavailable');
    busy.release();
    await pool.query('SELECT 1');
    expect(losses).toHaveLength(2);
  });

  test('a statement in flight rejects', async () => {
    const { pool } = makePool(database.url, { statementTimeoutMs: 10_000 });
    const client = await pool.connect();
    const sleeping = failure(client.query('SELECT pg_sleep(60)'));
    await cut();
    expect(databaseFailure((await sleeping).error)).toBe('unavailable');
    client.release();
    // The server's last words come before the end of the connection, so the pool may hand out the dying one once more.
    await until('the pool works again', async () => (await checkDatabase(pool)).state === 'ok', 5_000);
  });
});

describe('the readiness check', () => {
  test('says that the database is there', async () => {
    expect(await checkDatabase(makePool(database.url).pool)).toEqual({ state: 'ok' });
  });

  test('says that it takes no writes', async () => {
    const readOnly = `${database.url}?options=-c%20default_transaction_read_only%3Don`;
    expect(await checkDatabase(makePool(readOnly).pool)).toEqual({ state: 'read-only' });
  });

  test('answers within its deadline when the network is silent, and again when it is back', async () => {
    const { pool } = makePool(proxy.url, { acquireTimeoutMs: 10_000 });
    proxy.silence();
    const start = performance.now();
    expect(await checkDatabase(pool, 100)).toEqual({ state: 'unreachable', reason: 'no answer within 100 ms' });
    expect(performance.now() - start).toBeLessThan(1_000);
    proxy.recover();
    await until('it is back', async () => (await checkDatabase(pool)).state === 'ok');
  });

  test('gives the reason when nobody listens', async () => {
    const { pool } = makePool('postgres://postgres@127.0.0.1:1/nowhere');
    expect(await checkDatabase(pool)).toEqual({
      state: 'unreachable',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('tells the public whether there is a database, and the log why not', async () => {
    const told: unknown[] = [];
    const log = { debug: (fields: object, message: string) => void told.push({ ...fields, message }) };
    const healthOf = (url: string) => databaseHealth(makePool(url).pool, log);
    expect(await healthOf(database.url)).toEqual({ state: 'up' });
    expect(await healthOf(`${database.url}?options=-c%20default_transaction_read_only%3Don`)).toEqual({
      state: 'degraded',
      reason: 'Postgres takes no writes',
    });
    expect(told).toEqual([]);
    expect(await healthOf('postgres://postgres@127.0.0.1:1/nowhere')).toEqual({
      state: 'down',
      reason: 'Postgres does not answer',
    });
    expect(told).toEqual([
      { reason: expect.stringContaining('ECONNREFUSED'), message: 'the database does not answer' },
    ]);
  });
});
