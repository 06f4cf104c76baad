// A service replica with an outbox: it commits messages, and its relay publishes them. All keys are in one lane, so that
// what is measured is what one relay does when the others have the other lanes.
import { systemTime } from '@longwave/messaging';
import { connectJetStream } from '@longwave/messaging/jetstream';
import { createNudges, startOutboxRelay, writeToOutbox } from '@longwave/messaging/outbox';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, type PoolClient } from 'pg';
import { randomUUIDv7 } from 'node:crypto';
import { measure, type Measurement, type Order } from '../measurement.ts';
import { INSTANCE, meterReading } from '../meter-reading.ts';
import { readAddresses } from './addresses.ts';
import { keysOfOneLane } from './keys-of-one-lane.ts';
import { cause, MeterRead, source } from './meter-read.ts';
import { quietLog } from './quiet-log.ts';
import { serveOrders } from './serve-orders.ts';

const ROWS_PER_INSERT = 1_000;
const POLL_MS = 2;
/** An open loop: commits come at their times, whether the one before has been published or not. */
const COMMITS_PER_SECOND = 100;

const { host, port, postgresUrl } = readAddresses(process.argv[2]);
const pool = new Pool({ connectionString: postgresUrl, max: 8 });
const backend = connectJetStream({ host, port, name: 'bench-outbox', log: quietLog });
/** Called with the id of every message that the stream has stored. */
let onStored: (id: string) => void = () => undefined;
const relay = startOutboxRelay({
  databaseUrl: postgresUrl,
  publisher: {
    lastIdOn: (subject) => backend.publisher.lastIdOn(subject),
    publish: async (message, options) => {
      const stored = await backend.publisher.publish(message, options);
      onStored(message.id);
      return stored;
    },
  },
  nudges: createNudges(backend.link, INSTANCE, systemTime),
  log: quietLog,
  time: systemTime,
});
const meters = await keysOfOneLane(pool);

async function commit(work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

function write(client: PoolClient, ids: readonly string[]): Promise<void> {
  const waiting = [...ids];
  return writeToOutbox(
    (sql, ...parameters) => client.query(sql, parameters),
    { source, now: () => new Date(), newId: () => waiting.shift() ?? randomUUIDv7() },
    cause,
    ids.map((_, index) => MeterRead.of({ ...meterReading(index), meter: meters[index % meters.length] ?? '' })),
  );
}

/** A backlog, all committed at once: from the commit until every row is stored in the stream and gone from the table. */
async function relayBacklog({ count }: Order): Promise<Measurement> {
  const ids = Array.from({ length: count }, () => randomUUIDv7());
  await commit(async (client) => {
    for (let from = 0; from < count; from += ROWS_PER_INSERT)
      await write(client, ids.slice(from, from + ROWS_PER_INSERT));
  });
  return measure(count, async () => {
    relay.nudge();
    while (await hasRows()) await sleep(POLL_MS);
  });
}

async function hasRows(): Promise<boolean> {
  const { rows } = await pool.query<{ has: boolean }>('SELECT EXISTS (SELECT FROM "outbox") AS has');
  return rows[0]?.has ?? true;
}

/** Single commits at a steady pace: from the end of each COMMIT until the stream has acknowledged its message. */
async function commitSteadily({ count }: Order): Promise<Measurement> {
  const committedAt = new Map<string, number>();
  const storedAt = new Map<string, number>();
  const all = Promise.withResolvers<void>();
  onStored = (id) => {
    storedAt.set(id, performance.now());
    if (storedAt.size === count) all.resolve();
  };
  return measure(count, async () => {
    const startedAt = performance.now();
    const commits = Array.from({ length: count }, async (_, index) => {
      await sleep(Math.max(0, startedAt + (index * 1_000) / COMMITS_PER_SECOND - performance.now()));
      const id = randomUUIDv7();
      await commit((client) => write(client, [id]));
      committedAt.set(id, performance.now());
      relay.nudge();
    });
    await Promise.all([...commits, all.promise]);
    // A relay that polls in just that moment may be ahead of the answer to the COMMIT.
    return [...committedAt].map(([id, at]) => Math.max(0, (storedAt.get(id) ?? Number.NaN) - at));
  });
}

serveOrders({ 'relay backlog': relayBacklog, 'commit steadily': commitSteadily });
