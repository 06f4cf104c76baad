// The promises W1 to W3 of pauses, with several writers on a real Postgres.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import { Client } from 'pg';
import { pauseWrites, refuseWhilePaused, WritePauseTimeoutError, WritesPausedError } from '../src/index.ts';
import type { TestDatabase } from '../src/testing/index.ts';
import { createEmptyDatabase, query } from './support/empty-database.ts';

let database: TestDatabase;
const writers: Client[] = [];

beforeAll(async () => {
  database = await createEmptyDatabase();
});

afterEach(async () => {
  await Promise.all(writers.splice(0).map((writer) => writer.end()));
});

afterAll(() => database.drop());

/** A transaction that has asked and not ended yet. */
async function beginWrite(): Promise<Client> {
  const client = new Client(database.url);
  writers.push(client);
  await client.connect();
  await client.query('BEGIN');
  await refuseWhilePaused(async (sql) => (await client.query(sql)).rows);
  return client;
}

const pause = (withinMs = 10_000) => pauseWrites({ url: database.url, withinMs });

function pausing(): Promise<readonly unknown[]> {
  return query(
    database.url,
    `SELECT 1 FROM pg_stat_activity WHERE application_name = 'longwave-write-pause' AND wait_event_type = 'Lock'`,
  );
}

describe('a pause of writes', () => {
  test('begins when the last writer has ended, and refuses new ones from its first moment (W1, W2)', async () => {
    const writer = await beginWrite();
    let isPaused = false;
    const pausedLater = pause().finally(() => (isPaused = true));
    await until('the pause waits', async () => (await pausing()).length > 0);
    await expect(beginWrite()).rejects.toThrow(WritesPausedError);
    expect(isPaused).toBe(false);
    await writer.query('COMMIT');
    const { release } = await pausedLater;
    await expect(beginWrite()).rejects.toThrow(WritesPausedError);
    await release();
    await expect(beginWrite()).resolves.toBeDefined();
  });

  test('lets any number write when nobody holds it', async () => {
    await expect(Promise.all([beginWrite(), beginWrite(), beginWrite()])).resolves.toHaveLength(3);
  });

  test('is for one database, not for its neighbours on the server', async () => {
    const neighbour = await createEmptyDatabase();
    const { release } = await pauseWrites({ url: neighbour.url, withinMs: 5_000 });
    await expect(beginWrite()).resolves.toBeDefined();
    await release();
    await neighbour.drop();
  });

  test('gives up on a writer that does not end, and leaves nothing locked', async () => {
    const writer = await beginWrite();
    await expect(pause(200)).rejects.toThrow(WritePauseTimeoutError);
    await writer.query('COMMIT');
    await expect(beginWrite()).resolves.toBeDefined();
  });

  test('ends with the connection of whoever holds it, who is told (W3)', async () => {
    const { lost } = await pause();
    await query(
      database.url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'longwave-write-pause'`,
    );
    await expect(lost).rejects.toThrow('writes go on');
    await expect(beginWrite()).resolves.toBeDefined();
  });
});
