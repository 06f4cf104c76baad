// A process dies at each of its steps in turn, before the step is done and after: a relay between its queries and publishes
// (O5, O6), and a handler with an inbox between its queries and its acknowledgement (G8, I1). Whoever comes after finishes,
// and every message has been stored, or has had its effect, once.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { quietLog } from '@longwave/embedded/testing';
import { startBatchConsumption, startConsumption, systemTime } from '@longwave/messaging';
import { effectsOnce, recordArrival, type InTransaction } from '@longwave/messaging/inbox';
import type { JetStreamBackend } from '@longwave/messaging/jetstream';
import { createNudges, startOutboxRelay, writeToOutbox, type OutboxRelay } from '@longwave/messaging/outbox';
import { Pool, type PoolClient } from 'pg';
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
  /** One that is not committed is rolled back with its connection. */
  const transactions =
    (pool: Pool): InTransaction<PoolClient> =>
    async (work) => {
      const client = await pool.connect();
      client.on('error', () => undefined);
      try {
        await client.query('BEGIN');
        await work(async (sql, ...parameters) => (await client.query(sql, parameters)).rows, client);
        await client.query('COMMIT');
      } finally {
        client.release(true);
      }
    };
  const addEffect = async (client: PoolClient, payload: Uint8Array): Promise<void> => {
    const { meter, value } = JSON.parse(Buffer.from(payload).toString()).data;
    await client.query('INSERT INTO effect VALUES ($1, $2)', [meter, value]);
  };
  const surroundings = { source: testSource, log: quietLog, time: systemTime, random: () => 0.5 };
  type Replica = { stop(options: { readonly withinMs: number }): Promise<void> };
  type StartReplica = (consumer: string, from: JetStreamBackend, pool: Pool) => Replica;

  const oneByOne: StartReplica = (consumer, from, pool) => {
    const inTransaction = transactions(pool);
    return startConsumption(from, {
      ...surroundings,
      stream: 'events',
      consumer,
      types: [Reading],
      handler: async (message) => {
        await inTransaction(async (query, client) => {
          if ((await recordArrival(query, consumer, message)) === 'new')
            await addEffect(client, message.stored.payload);
        });
      },
    });
  };
  const inBatches: StartReplica = (consumer, from, pool) =>
    startBatchConsumption(from, {
      ...surroundings,
      stream: 'events',
      consumer,
      batchMax: 2,
      handler: effectsOnce(consumer, transactions(pool), async (messages, client) => {
        for (const { payload } of messages) await addEffect(client, payload);
      }),
    });

  const handlerDies = async (start: StartReplica, death: Death): Promise<boolean> => {
    const consumer = `${start.name}-${death.step}-${death.when}`;
    await broker.addConsumer(consumer, { filter: `test.meter.${consumer}.read`, ackWaitMs: 1_000 });
    for (const value of inOrder) await backend.publisher.publish(reading(consumer, value));
    const own = broker.backend();
    const dying: DyingProcess = await dyingProcess(database.url, death, () => void own.close());
    const first = start(consumer, own, poolOf(dying.databaseUrl));
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
    const second = start(consumer, backend, poolOf(database.url));
    await until('another replica has finished', isDone);
    await second.stop({ withinMs: 1_000 });
    const { rows } = await database.pool.query<{ value: number }>('SELECT value FROM effect WHERE meter = $1', [
      consumer,
    ]);
    expect([death, rows.map(({ value }) => value)]).toEqual([death, inOrder]);
    return hasDied;
  };

  /** How often it has died. */
  const dieAtEachStep = async (start: StartReplica): Promise<number> => {
    const lives = Array.from({ length: AT_ONCE * 2 }, async (_, index) => {
      let count = 0;
      for (const death of deaths(index + 1, AT_ONCE * 2)) {
        if (!(await handlerDies(start, death))) break;
        count += 1;
      }
      return count;
    });
    return (await Promise.all(lives)).reduce((sum, count) => sum + count, 0);
  };

  test('G8, I1: at each of its steps, leaves every effect there once and in order', async () => {
    // Three messages, each with a connection and four queries.
    expect(await dieAtEachStep(oneByOne)).toBeGreaterThan(12);
  }, 300_000);

  test('H3, I6: at each of its steps with a batch, leaves every effect there once and in order', async () => {
    // Two batches, each with a connection and five queries at least.
    expect(await dieAtEachStep(inBatches)).toBeGreaterThan(10);
  }, 300_000);
});
