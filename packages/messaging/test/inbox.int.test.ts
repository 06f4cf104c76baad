// What the inbox promises (I1–I3), against a real Postgres.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { recordArrival, type Arrival } from '@longwave/messaging/inbox';
import type { Message } from '@longwave/messaging/contract';
import { createDatabase, type TestDatabase } from './support/database.ts';
import { Reading } from './support/reading.ts';

describe('the inbox', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());

  const message = (id: string, key: string, sequence: number, epoch = 1): Message => ({
    id,
    key,
    type: Reading,
    data: undefined,
    createdAt: new Date(0),
    correlationId: id,
    stored: {
      stream: 'events',
      epoch,
      sequence,
      storedAt: new Date(0),
      subject: 's',
      headers: {},
      payload: new Uint8Array(),
    },
  });
  const record = (what: Message, consumer = 'group'): Promise<Arrival> =>
    recordArrival(async (sql, ...parameters) => (await database.pool.query(sql, parameters)).rows, consumer, what);

  test('I1: a message is new once, for each consumer', async () => {
    await expect(record(message('a', 'k1', 1))).resolves.toBe('new');
    await expect(record(message('a', 'k1', 1))).resolves.toBe('duplicate');
    await expect(record(message('a', 'k1', 7))).resolves.toBe('duplicate');
    await expect(record(message('a', 'k1', 1), 'other')).resolves.toBe('new');
  });

  test('I2: a message that lies before the last applied one of its key is stale', async () => {
    await expect(record(message('b5', 'k2', 5))).resolves.toBe('new');
    await expect(record(message('b3', 'k2', 3))).resolves.toBe('stale');
    await expect(record(message('b6', 'k2', 6))).resolves.toBe('new');
    await expect(record(message('b3-other-key', 'k3', 3))).resolves.toBe('new');
  });

  test('I2: a recreated stream starts again at 1 and is later, not stale', async () => {
    await expect(record(message('c9', 'k4', 9, 1_000))).resolves.toBe('new');
    await expect(record(message('c1', 'k4', 1, 2_000))).resolves.toBe('new');
    await expect(record(message('c10', 'k4', 10, 1_000))).resolves.toBe('stale');
  });

  test('I3: of twenty replicas with the same message at once one applies it', async () => {
    const arrivals = await Promise.all(Array.from({ length: 20 }, () => record(message('d', 'k5', 1))));
    expect(arrivals.filter((arrival) => arrival === 'new')).toHaveLength(1);
    expect(arrivals.filter((arrival) => arrival === 'duplicate')).toHaveLength(19);
  });
});
