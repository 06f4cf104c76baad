// A process dies at each of its steps in turn, before the step is done and after: a relay between its queries and publishes
// (O5, O6), and a handler with an inbox between its queries and its acknowledgement (G8, I1). Whoever comes after finishes,
// and every message has been stored, or has had its effect, once.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { quietLog } from '@longwave/embedded/testing';
import { startConsumption, systemTime, type Consumption } from '@longwave/messaging';
import { recordArrival } from '@longwave/messaging/inbox';
import type { JetStreamBackend } from '@longwave/messaging/jetstream';
import { createNudges, startOutboxRelay, writeToOutbox, type OutboxRelay } from '@longwave/messaging/outbox';
import { Pool } from 'pg';
import { v7 } from 'uuid';
import { startBroker, type Broker } from './support/broker.ts';
import { createDatabase, type TestDatabase } from './support/database.ts';
import { dyingProcess, type Death, type DyingProcess } from './support/dying-process.ts';
import { Reading, reading, testSource } from './support/reading.ts';
import { until } from './support/until.ts';

const IS_SOAK = process.env['LONGWAVE_SOAK'] !== undefined;
const DUPLICATE_WINDOW_MS = 100;
const NANOSECONDS_PER_MS = 1_000_000;
const MESSAGES_PER_KEY = 3;
/** More than any of them takes: what does not die any more ends the search. */
const STEPS_MAX = 200;
const AT_ONCE = 4;

let broker: Broker;
let backend: JetStreamBackend;

beforeAll(async () => {
  broker = await startBroker();
  const { config } = await broker.manager.streams.info('events');
  const window = DUPLICATE_WINDOW_MS * NANOSECONDS_PER_MS;
  // The broker forgets ids at once: it is ours to know what is stored.
  await broker.manager.streams.update('events', { ...config, duplicate_window: window });
  backend = broker.backend();
});

afterAll(() => broker.close());

/** The deaths at the steps `from`, `from + by`, …; all of them under LONGWAVE_SOAK, one way to die for each else. */
function* deaths(from: number, by: number): Iterable<Death> {
  for (let step = from; step < STEPS_MAX; step += by)
    for (const when of ['before', 'after'] as const)
      if (IS_SOAK || (step % 2 === 0) === (when === 'before')) yield { step, when };
}

const valuesOn = async (meter: string): Promise<readonly number[]> =>
  (await broker.contents('events'))
    .filter(({ subject }) => subject === `test.meter.${meter}.read`)
    .map(({ payload }) => JSON.parse(Buffer.from(payload).toString()).data.value);
const inOrder = Array.from({ length: MESSAGES_PER_KEY }, (_, value) => value);

describe('a relay that dies', () => {
  const leftBehind: Array<() => Promise<void>> = [];
  afterAll(() => Promise.all(leftBehind.map((end) => end())));

  const relayOf = (databaseUrl: string, publisher = backend.publisher): OutboxRelay => {
    const nudges = createNudges(backend.link, 'test', systemTime);
    return startOutboxRelay({ databaseUrl, publisher, nudges, log: quietLog, time: systemTime });
  };
  const isEmpty = async ({ pool }: TestDatabase): Promise<boolean> =>
    (await pool.query('SELECT FROM outbox LIMIT 1')).rowCount === 0;

  /** Returns whether it has died: it has not when it was done before. */
  const relayDies = async (database: TestDatabase, death: Death): Promise<boolean> => {
    const meters = ['a', 'b'].map((key) => `${key}-${death.step}-${death.when}`);
    const drafts = inOrder.flatMap((value) => meters.map((meter) => Reading.of({ meter, value })));
    const execute = (sql: string, ...parameters: unknown[]) => database.pool.query(sql, parameters);
    const context = { source: testSource, now: () => new Date(), newId: () => v7() };
    await writeToOutbox(execute, context, { correlationId: 'because' }, drafts);
    const dying = await dyingProcess(database.url, death);
    const first = relayOf(dying.databaseUrl, dying.publisher(backend.publisher));
    await until('it has died, or is done', async () => dying.isDead() || (await isEmpty(database)));
    const hasDied = dying.isDead();
    const diedAt = performance.now();
    await dying.close();
    leftBehind.push(() => first.stop());
    await until('the broker has forgotten the ids', () => performance.now() - diedAt > 2 * DUPLICATE_WINDOW_MS);
    const second = relayOf(database.url);
    await until('another relay has finished', () => isEmpty(database));
    await second.stop();
    for (const meter of meters) expect([meter, death, await valuesOn(meter)]).toEqual([meter, death, inOrder]);
    return hasDied;
  };

  test('O5, O6: at each of its steps, leaves every message stored once and in order', async () => {
    const lives = Array.from({ length: AT_ONCE }, async (_, index) => {
      const database = await createDatabase();
      leftBehind.push(() => database.drop());
      let count = 0;
      for (const death of deaths(index + 1, AT_ONCE)) {
        if (!(await relayDies(database, death))) break;
        count += 1;
      }
      return count;
    });
    const died = (await Promise.all(lives)).reduce((sum, count) => sum + count, 0);
    // Six publishes, and as many queries at least: fewer would mean that it was not looked at.
    expect(died).toBeGreaterThanOrEqual(12);
  }, 300_000);
});

describe('a handler with an inbox that dies', () => {
  let database: TestDatabase;
  const pools: Pool[] = [];
  const leftBehind: Array<() => Promise<unknown>> = [];
  beforeAll(async () => {
    database = await createDatabase();
    await database.pool.query('CREATE TABLE effect (meter text NOT NULL, value int NOT NULL)');
  });
  afterAll(async () => {
    await Promise.all(leftBehind.map((end) => end()));
    await Promise.all(pools.map((pool) => pool.end()));
    await database.drop();
  });

  const poolOf = (connectionString: string): Pool => {
    const pool = new Pool({ connectionString, max: 1 });
    pool.on('error', () => undefined); // it dies; that is what is tried
    pools.push(pool);
    return pool;
  };
  const replicaOf = (consumer: string, from: JetStreamBackend, pool: Pool): Consumption =>
    startConsumption(from, {
      stream: 'events',
      consumer,
      types: [Reading],
      handler: async (message) => {
        const client = await pool.connect();
        client.on('error', () => undefined);
        try {
          await client.query('BEGIN');
          const query = async (sql: string, ...parameters: unknown[]) => (await client.query(sql, parameters)).rows;
          if ((await recordArrival(query, consumer, message)) === 'new') {
            const { meter, value } = Reading.decode(message.data).data ?? { meter: 'none', value: -1 };
            await client.query('INSERT INTO effect VALUES ($1, $2)', [meter, value]);
          }
          await client.query('COMMIT');
        } finally {
          client.release(true);
        }
      },
      source: testSource,
      log: quietLog,
      time: systemTime,
      random: () => 0.5,
    });

  const handlerDies = async (death: Death): Promise<boolean> => {
    const consumer = `dies-${death.step}-${death.when}`;
    await broker.addConsumer(consumer, { filter: `test.meter.${consumer}.read`, ackWaitMs: 1_000 });
    for (const value of inOrder) await backend.publisher.publish(reading(consumer, value));
    const own = broker.backend();
    const dying: DyingProcess = await dyingProcess(database.url, death, () => void own.close());
    const first = replicaOf(consumer, own, poolOf(dying.databaseUrl));
    leftBehind.push(
      () => first.stop({ withinMs: 3_000 }),
      () => dying.close(),
    );
    const isDone = async (): Promise<boolean> => {
      const { num_pending, num_ack_pending } = await broker.manager.consumers.info('events', consumer);
      return num_pending + num_ack_pending === 0;
    };
    await until('it has died, or is done', async () => dying.isDead() || (await isDone()));
    const hasDied = dying.isDead();
    const second = replicaOf(consumer, backend, poolOf(database.url));
    await until('another replica has finished', isDone);
    await second.stop({ withinMs: 1_000 });
    const { rows } = await database.pool.query<{ value: number }>('SELECT value FROM effect WHERE meter = $1', [
      consumer,
    ]);
    expect([death, rows.map(({ value }) => value)]).toEqual([death, inOrder]);
    return hasDied;
  };

  test('G8, I1: at each of its steps, leaves every effect there once and in order', async () => {
    const lives = Array.from({ length: AT_ONCE * 2 }, async (_, index) => {
      let count = 0;
      for (const death of deaths(index + 1, AT_ONCE * 2)) {
        if (!(await handlerDies(death))) break;
        count += 1;
      }
      return count;
    });
    const died = (await Promise.all(lives)).reduce((sum, count) => sum + count, 0);
    // Three messages, each with a connection and four queries.
    expect(died).toBeGreaterThan(12);
  }, 300_000);
});
