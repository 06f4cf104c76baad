// What recording many arrivals at once promises (I1–I5), against a real Postgres.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { recordArrival, recordArrivals, type Arrival, type Arriving, type QuerySql } from '@longwave/messaging/inbox';
import { seededRandom } from '@longwave/messaging/memory';
import type { PoolClient } from 'pg';
import { createDatabase, type TestDatabase } from './support/database.ts';
import { DAYS_TIMEOUT_MS, everyDay } from './support/every-day.ts';
import { until } from './support/until.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const arriving = (id: string, key: string, sequence: number, epoch = 1): Arriving => ({
  id,
  key,
  stored: { epoch, sequence },
});
const queryOf =
  (client: { query(sql: string, parameters: unknown[]): Promise<{ rows: unknown[] }> }): QuerySql =>
  async (sql, ...parameters) =>
    (await client.query(sql, parameters)).rows;
const record = (consumer: string, ...messages: Arriving[]): Promise<readonly Arrival[]> =>
  recordArrivals(queryOf(database.pool), consumer, messages);

/** What the tables hold of a consumer. */
const kept = async (consumer: string): Promise<unknown> => {
  const { pool } = database;
  const ids = await pool.query('SELECT message_id FROM inbox_message WHERE consumer = $1 ORDER BY 1', [consumer]);
  const keys = await pool.query('SELECT key, epoch, sequence FROM inbox_key WHERE consumer = $1 ORDER BY 1', [
    consumer,
  ]);
  return [ids.rows, keys.rows];
};

describe('a batch of arrivals', () => {
  test('I4: answers for each in the order given: within the batch, and with what was there', async () => {
    await expect(record('each')).resolves.toEqual([]);
    await expect(record('each', arriving('a', 'k', 5), arriving('a', 'k', 5), arriving('b', 'k', 3))).resolves.toEqual([
      'new',
      'duplicate',
      'stale',
    ]);
    const second = [arriving('c', 'k', 4), arriving('d', 'k', 6), arriving('a', 'k', 5), arriving('e', 'k', 7)];
    await expect(record('each', ...second)).resolves.toEqual(['stale', 'new', 'duplicate', 'new']);
    await expect(record('each', ...second)).resolves.toEqual(Array.from({ length: 4 }, () => 'duplicate'));
    await expect(record('each', arriving('f', 'k', 1, 2), arriving('g', 'k', 8))).resolves.toEqual(['new', 'stale']);
    await expect(record('another', arriving('a', 'k', 5))).resolves.toEqual(['new']);
  });

  test(
    'I4: is answered as its messages would be one after the other, whatever their history',
    () =>
      everyDay(async (seed) => {
        const random = seededRandom(seed);
        const below = (count: number): number => Math.trunc(random() * count);
        const [one, many] = [`one-${seed}`, `many-${seed}`];
        for (let left = 40; left > 0;) {
          const batch = Array.from({ length: 1 + below(12) }, () =>
            arriving(`id-${below(60)}`, `key-${below(4)}`, below(30), 1 + below(2)),
          );
          left -= batch.length;
          const expected: Arrival[] = [];
          for (const message of batch) expected.push(await recordArrival(queryOf(database.pool), one, message));
          expect(await record(many, ...batch)).toEqual(expected);
        }
        expect(await kept(many)).toEqual(await kept(one));
      }),
    DAYS_TIMEOUT_MS,
  );

  test('I1: an id or a key that no index takes is recorded all the same', async () => {
    for (const strange of ['a\u0000b', 'é'.repeat(5_000), 'a\uD800b']) {
      const message = arriving(strange, strange, 1);
      await expect(record('strange', message, arriving(`${strange}!`, strange, 2))).resolves.toEqual(['new', 'new']);
      await expect(recordArrival(queryOf(database.pool), 'strange', message)).resolves.toBe('duplicate');
    }
  });
});

describe('batches at once', () => {
  const clients: PoolClient[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.release(true);
  });

  /** A transaction that is under way. */
  const begin = async () => {
    const client = await database.pool.connect();
    clients.push(client);
    await client.query('BEGIN');
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return {
      record: (...messages: Arriving[]) => recordArrivals(queryOf(client), 'at-once', messages),
      end: (how: 'COMMIT' | 'ROLLBACK') => client.query(how),
      waits: () =>
        until('it waits for the other', async () => {
          const query = 'SELECT FROM pg_locks WHERE pid = $1 AND NOT granted';
          return (await database.pool.query(query, [rows[0]?.pid])).rowCount === 1;
        }),
    };
  };

  test.each([
    ['COMMIT', ['duplicate', 'new']],
    ['ROLLBACK', ['new', 'new']],
  ] as const)('I3: of two with one message the second waits; after a %s it is %j', async (end, expected) => {
    const [one, other] = [await begin(), await begin()];
    await expect(one.record(arriving(`i3-${end}`, `i3-${end}`, 1))).resolves.toEqual(['new']);
    const answering = other.record(arriving(`i3-${end}`, `i3-${end}`, 1), arriving(`i3-${end}-2`, `i3-${end}`, 2));
    await other.waits();
    await one.end(end);
    await expect(answering).resolves.toEqual(expected);
    await other.end('COMMIT');
  });

  test.each([
    ['a key that is new', [], 'COMMIT', ['stale', 'new']],
    ['a key that is new', [], 'ROLLBACK', ['new', 'new']],
    ['a key that was there', [1], 'COMMIT', ['stale', 'new']],
    ['a key that was there', [1], 'ROLLBACK', ['new', 'new']],
  ] as const)('I2: of two with %s (%j) the second is told where the first left it: %s, %j', async (...row) => {
    const [name, before, end, expected] = row;
    const key = `i2-${name}-${end}`;
    for (const sequence of before) await record('at-once', arriving(`${key}-${sequence}`, key, sequence));
    const [one, other] = [await begin(), await begin()];
    await expect(one.record(arriving(`${key}-5`, key, 5), arriving(`${key}-7`, key, 7))).resolves.toEqual([
      'new',
      'new',
    ]);
    const answering = other.record(arriving(`${key}-6`, key, 6), arriving(`${key}-8`, key, 8));
    await other.waits();
    await one.end(end);
    await expect(answering).resolves.toEqual(expected);
    await other.end('COMMIT');
    await expect(record('at-once', arriving(`${key}-late`, key, 8))).resolves.toEqual(['stale']);
  });

  describe('many', () => {
    const seed = Number(process.env['LONGWAVE_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));
    const random = seededRandom(seed);
    const shuffled = (messages: readonly Arriving[]): readonly Arriving[] =>
      messages
        .map((message) => ({ message, place: random() }))
        .toSorted((one, other) => one.place - other.place)
        .map(({ message }) => message);

    /** The ids that `batch` recorded first. */
    const recordInTransaction = async (batch: readonly Arriving[]): Promise<readonly string[]> => {
      const transaction = await begin();
      const arrivals = await transaction.record(...batch);
      await transaction.end('COMMIT');
      return batch.filter((_, index) => arrivals[index] !== 'duplicate').map(({ id }) => id);
    };
    /** Six at once, and again. */
    const recordOften = async (next: () => readonly Arriving[]): Promise<readonly string[]> => {
      const recorded: string[] = [];
      for (let round = 0; round < 12; round += 1) {
        const six = Array.from({ length: 6 }, () => recordInTransaction(next()));
        recorded.push(...(await Promise.all(six)).flat());
        for (const client of clients.splice(0)) client.release();
      }
      return recorded;
    };

    test('I3, I5: that overlap, in any order: each message is applied by one, and none is locked out', async () => {
      const all = Array.from({ length: 60 }, (_, index) => arriving(`i3-${index}`, `i3-${index % 12}`, 1 + index));
      const recorded = await recordOften(() => shuffled(all).slice(0, 40));
      expect({ seed, ids: recorded.toSorted() }).toEqual({ seed, ids: all.map(({ id }) => id).toSorted() });
    });

    test('I2, I5: of the same keys, in any order: each key is at its last position, and none is locked out', async () => {
      let count = 0;
      const next = (): readonly Arriving[] =>
        shuffled(Array.from({ length: 30 }, (_, index) => arriving(`i5-${count}`, `i5-${index}`, ++count)));
      await recordOften(next);
      const { rows } = await database.pool.query<{ key: string; sequence: string }>(
        `SELECT key, sequence FROM inbox_key WHERE key LIKE 'i5-%' AND sequence <= $1`,
        [count - 30],
      );
      expect({ seed, behind: rows }).toEqual({ seed, behind: [] });
    });
  });
});
