// The whole way of a change on a bad day: writers that commit late and whose transaction ids are out of order, two relays
// that lose acknowledgements, two consumer replicas that fail before and after their commit, lose their connections and
// are replaced. What must hold of every key is counted at both ends (O4–O6, G2, G8, I1–I3).
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { quietLog } from '@longwave/embedded/testing';
import { startConsumption, systemTime, type Consumption } from '@longwave/messaging';
import { isMessageOf, type Message } from '@longwave/messaging/contract';
import { recordArrival } from '@longwave/messaging/inbox';
import type { JetStreamBackend } from '@longwave/messaging/jetstream';
import { seededRandom } from '@longwave/messaging/memory';
import { createNudges, startOutboxRelay, writeToOutbox, type OutboxRelay } from '@longwave/messaging/outbox';
import { Pool, type PoolClient } from 'pg';
import { v7 } from 'uuid';
import { startBroker, type Broker } from './support/broker.ts';
import { createDatabase, type TestDatabase } from './support/database.ts';
import { losingAcknowledgements } from './support/faulty-publisher.ts';
import { Reading, testSource } from './support/reading.ts';
import { until } from './support/until.ts';

const IS_SOAK = process.env['LONGWAVE_SOAK'] !== undefined;
// Prime, so that keys and writers do not march in step.
const MESSAGES = IS_SOAK ? 100_003 : 2_003;
const METERS = 23;
const WRITERS = 8;
/** Of each of the three parts: writing, relaying, consuming. */
const DEADLINE_MS = IS_SOAK ? 900_000 : 30_000;
const SEED = Number(process.env['LONGWAVE_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));
/** Longer than a replica needs to be replaced, short enough that what it took with it comes again soon. */
const ACK_WAIT_MS = 2_000;
/** One of so many messages costs a replica its connection, or its life. */
const MESSAGES_PER_MISHAP = 250;

let broker: Broker;
let database: TestDatabase;
let consumers: Pool;

beforeAll(async () => {
  broker = await startBroker();
  const { config } = await broker.manager.streams.info('events');
  // The broker forgets ids at once: that nothing is stored twice is the relay's to see to.
  await broker.manager.streams.update('events', { ...config, duplicate_window: 100_000_000 });
  await broker.addConsumer('group', { ackWaitMs: ACK_WAIT_MS });
  database = await createDatabase();
  consumers = new Pool({ connectionString: database.url, max: 16 });
  // The database that is dropped at the end may say so to a connection that is closing.
  consumers.on('error', () => undefined);
  await database.pool.query(`
    CREATE TABLE meter (name text PRIMARY KEY, value int NOT NULL);
    INSERT INTO meter SELECT 'p' || number, 0 FROM generate_series(1, ${METERS}) AS number;
    CREATE TABLE effect (position bigint GENERATED ALWAYS AS IDENTITY, meter text NOT NULL, value int NOT NULL)`);
});

afterAll(async () => {
  await consumers.end();
  await database.drop();
  await broker.close();
});

const transact = async (pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> => {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
};

/** Writes until `MESSAGES` are written, one change and its message a transaction. */
async function writeAll(random: () => number): Promise<void> {
  let left = MESSAGES;
  const context = { source: testSource, now: () => new Date(), newId: () => v7() };
  const write = async (client: PoolClient): Promise<void> => {
    // Another write first: it takes the transaction id before the lock, so ids and commits are out of order.
    await client.query('SELECT txid_current(), pg_sleep($1)', [random() < 0.1 ? 0.005 : 0]);
    const name = `p${1 + Math.trunc(random() * METERS)}`;
    const { rows } = await client.query<{ value: number }>(
      'UPDATE meter SET value = value + 1 WHERE name = $1 RETURNING value',
      [name],
    );
    const draft = Reading.of({ meter: name, value: rows[0]?.value ?? -1 });
    const execute = (sql: string, ...parameters: unknown[]): Promise<unknown> => client.query(sql, parameters);
    await writeToOutbox(execute, context, { correlationId: 'because' }, [draft]);
  };
  const writer = async (): Promise<void> => {
    while (left-- > 0) await transact(database.pool, write);
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
}

function startRelay(): OutboxRelay {
  const backend = broker.backend();
  const nudges = createNudges(backend.link, 'test', systemTime);
  const publisher = losingAcknowledgements(backend.publisher, Math.trunc(MESSAGES / 400));
  return startOutboxRelay({ databaseUrl: database.url, publisher, nudges, log: quietLog, time: systemTime });
}

type Replica = { readonly backend: JetStreamBackend; readonly consumption: Consumption };

/** Two replicas, of which one now and then has a mishap. */
class Replicas {
  readonly #random: () => number;
  readonly #replicas: Replica[];
  /** Those that were replaced, on their way out. */
  readonly #leaving: Promise<void>[] = [];
  #running = 0;
  handled = 0;
  mishaps = 0;

  constructor(random: () => number) {
    this.#random = random;
    this.#replicas = [this.#start(), this.#start()];
  }

  #start(): Replica {
    const backend = broker.backend();
    const consumption = startConsumption(backend, {
      stream: 'events',
      consumer: 'group',
      types: [Reading],
      handler: async (message) => {
        this.#running += 1;
        await this.#handle(message).finally(() => (this.#running -= 1));
      },
      source: testSource,
      log: quietLog,
      time: systemTime,
      random: this.#random,
      retry: { attemptsMax: 1_000, delayMsMin: 5, delayMsMax: 50 },
    });
    return { backend, consumption };
  }

  async #handle(message: Message): Promise<void> {
    if (!isMessageOf(Reading, message)) throw new Error('there are only readings');
    this.#maybeMishap();
    if (this.#random() < 0.01) throw new Error('before the commit');
    await transact(consumers, async (client) => {
      const query = async (sql: string, ...parameters: unknown[]) => (await client.query(sql, parameters)).rows;
      if ((await recordArrival(query, 'group', message)) !== 'new') return;
      const { meter, value } = message.data;
      await client.query('INSERT INTO effect (meter, value) VALUES ($1, $2)', [meter, value]);
    });
    if (this.#random() < 0.01) throw new Error('after the commit');
  }

  #maybeMishap(): void {
    this.handled += 1;
    if (this.handled % MESSAGES_PER_MISHAP > 0) return;
    this.mishaps += 1;
    const [first] = this.#replicas;
    if (first === undefined || this.#random() < 0.5) {
      // It rejects when the connection is on its way already: a mishap all the same.
      return void first?.backend.link
        .connection()
        ?.reconnect()
        .catch(() => undefined);
    }
    // It is left no time: what runs is told elsewhere to have never been settled.
    this.#replicas.shift();
    this.#leaving.push(first.consumption.stop({ withinMs: 0 }));
    this.#replicas.push(this.#start());
  }

  /** Also of those that were left behind: their transactions end before their database does. */
  async stop(): Promise<void> {
    const stopping = this.#replicas.map(({ consumption }) => consumption.stop({ withinMs: 5_000 }));
    await Promise.all([...this.#leaving, ...stopping]);
    await until('no handler runs', () => this.#running === 0);
  }
}

const countOf = async (query: string): Promise<number> =>
  (await database.pool.query<{ count: number }>(`SELECT (${query})::int AS count`)).rows[0]?.count ?? -1;

/** Positions of the stream at which a key's values do not go on by one. */
async function orderViolations(): Promise<{ readonly stored: number; readonly violations: number }> {
  const last = new Map<string, number>();
  let [stored, violations] = [0, 0];
  for (const { subject, payload } of await broker.contents('events')) {
    const { value } = JSON.parse(Buffer.from(payload).toString()).data;
    if (value !== (last.get(subject) ?? 0) + 1) violations += 1;
    last.set(subject, value);
    stored += 1;
  }
  return { stored, violations };
}

test(
  `O4–O6, G8, I1–I3: ${MESSAGES} messages, each key once and in order from the transaction to the effect`,
  async () => {
    const startedAt = performance.now();
    const random = seededRandom(SEED);
    const relays = [startRelay(), startRelay()];
    const replicas = new Replicas(random);
    await writeAll(random);
    await until(
      'all have left the outbox',
      async () => (await countOf('SELECT count(*) FROM outbox')) === 0,
      DEADLINE_MS,
    );
    const recorded = (): Promise<number> => countOf('SELECT count(*) FROM inbox_message');
    await until('all have arrived', async () => (await recorded()) === MESSAGES, DEADLINE_MS);
    await Promise.all([replicas.stop(), ...relays.map((relay) => relay.stop())]);
    const found = {
      ...(await orderViolations()),
      recorded: await recorded(),
      backwards: await countOf(`
      SELECT count(*) FROM (
        SELECT value <= lag(value) OVER (PARTITION BY meter ORDER BY position) AS is_backwards FROM effect
      ) AS step WHERE is_backwards`),
      unfinished: await countOf(`
      SELECT count(*) FROM meter WHERE value > 0
        AND value IS DISTINCT FROM (SELECT max(effect.value) FROM effect WHERE effect.meter = meter.name)`),
      deadLetters: (await broker.contents('dead-letter')).length,
    };
    const expected = {
      stored: MESSAGES,
      violations: 0,
      recorded: MESSAGES,
      backwards: 0,
      unfinished: 0,
      deadLetters: 0,
    };
    expect({ seed: SEED, ...found }).toEqual({ seed: SEED, ...expected });
    expect(replicas.mishaps).toBeGreaterThan(MESSAGES / MESSAGES_PER_MISHAP / 2);
    if (!IS_SOAK) return;
    const effects = await countOf('SELECT count(*) FROM effect');
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    const { handled, mishaps } = replicas;
    // The figures of a soak are what it is run for.
    process.stdout.write(`${JSON.stringify({ seed: SEED, ...found, effects, handled, mishaps, seconds })}\n`);
  },
  3 * DEADLINE_MS,
);
