// The five-minute start of the README, run. Every block of code there stands here line by line; the last test checks it.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startConsumption, systemTime } from '@longwave/messaging';
import {
  broadcastFilter,
  encodeMessage,
  event,
  isMessageOf,
  request,
  signal,
  type Draft,
  type Message,
  type OutgoingMessage,
} from '@longwave/messaging/contract';
import { recordArrival } from '@longwave/messaging/inbox';
import { connectJetStream } from '@longwave/messaging/jetstream';
import { createMemoryBackend, seededFaults, seededRandom, VirtualTime } from '@longwave/messaging/memory';
import { createNudges, startOutboxRelay, writeToOutbox } from '@longwave/messaging/outbox';
import { Refusal, ReplyError, startPeer } from '@longwave/messaging/request';
import {
  cached,
  correlatedLog,
  effectOnce,
  eventPipeline,
  requestPipeline,
  startMessageServer,
  timeLimit,
} from '@longwave/messaging/router';
import { describeBackend } from '@longwave/messaging/testing';
import type { PoolClient } from 'pg';
import { v7 } from 'uuid';
import { z } from 'zod';
import { startBroker, type Broker } from './support/broker.ts';
import { createDatabase, type TestDatabase } from './support/database.ts';
import { openMemory } from './support/memory-under-test.ts';
import { quietLog as log } from '@longwave/embedded/testing';
import { until } from './support/until.ts';

const MeterRead = event('MeterRead', {
  version: 1,
  subject: 'test.meter.{meter}.read',
  address: ({ meter }) => ({ meter }),
  key: ({ meter }) => `meter/${meter}`,
  schema: z.object({ meter: z.string().min(1), value: z.int() }),
  example: { meter: 'm1', value: 7 },
});

const Resolve = request('Resolve', {
  version: 1,
  protocol: 'resolve',
  timeoutMs: 5_000,
  idempotent: true,
  input: z.object({ filter: z.string() }),
  output: z.object({ devices: z.array(z.string()) }),
  example: { input: { filter: 'vin like 1H*' }, output: { devices: ['d1'] } },
});

const MeterAdded = event('MeterAdded', {
  version: 1,
  subject: 'longwave.v1.events.metering.meter.lifecycle.added.{meter}',
  address: ({ meter }) => ({ meter }),
  key: ({ meter }) => `meter/${meter}`,
  schema: z.object({ meter: z.string() }),
  example: { meter: 'm1' },
});

const MeterRemoved = signal('MeterRemoved', {
  version: 1,
  subject: 'test.meter.{meter}.removed',
  key: ({ meter }) => `meter/${meter}`,
  example: { meter: 'm1' },
});

let broker: Broker;
let database: TestDatabase;

beforeAll(async () => {
  broker = await startBroker();
  database = await createDatabase();
  await database.pool.query('CREATE TABLE meter (name text PRIMARY KEY, value int NOT NULL)');
  await database.pool.query('CREATE TABLE total (name text PRIMARY KEY, value int NOT NULL)');
  await database.pool.query("INSERT INTO meter VALUES ('m1', 0)");
  await database.pool.query("INSERT INTO total VALUES ('all', 0)");
  await broker.addConsumer('totals', { filter: 'test.meter.*.read' });
  await broker.addConsumer('meters', { filter: 'test.meter.>' });
});

afterAll(async () => {
  await database.drop();
  await broker.close();
});

const inTransaction = async (work: (client: PoolClient) => Promise<void>): Promise<void> => {
  const client = await database.pool.connect();
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

test('the five-minute start tells of a change and applies it once', async () => {
  const { host, port } = broker.server();
  const databaseUrl = database.url;

  const source = { instance: 'metering', replica: 'metering-1' };
  const backend = connectJetStream({ host, port, name: 'metering', log });
  const nudges = createNudges(backend.link, source.instance, systemTime);
  const relay = startOutboxRelay({ databaseUrl, publisher: backend.publisher, nudges, log, time: systemTime });

  const context = { source, now: () => new Date(), newId: () => v7() };
  const cause = { correlationId: 'request-17', actor: 'user:ada' };
  await inTransaction(async (client) => {
    await client.query('UPDATE meter SET value = 7 WHERE name = $1', ['m1']);
    const execute = (sql: string, ...parameters: unknown[]) => client.query(sql, parameters);
    await writeToOutbox(execute, context, cause, [MeterRead.of({ meter: 'm1', value: 7 })]);
  });
  relay.nudge();

  const consumption = startConsumption(backend, {
    stream: 'events',
    consumer: 'totals',
    types: [MeterRead],
    handler: async (message) => {
      if (!isMessageOf(MeterRead, message)) return;
      await inTransaction(async (client) => {
        const query = async (sql: string, ...parameters: unknown[]) => (await client.query(sql, parameters)).rows;
        if ((await recordArrival(query, 'totals', message)) !== 'new') return;
        await client.query('UPDATE total SET value = value + $1', [message.data.value]);
      });
    },
    source,
    log,
    time: systemTime,
    random: Math.random,
  });

  const total = async (): Promise<unknown> => (await database.pool.query('SELECT value FROM total')).rows[0]?.value;
  await until('it is applied', async () => (await total()) === 7);

  await consumption.stop({ withinMs: 20_000 });
  await relay.stop();
  await backend.close();
});

test('what is asked is answered, and events pass by', async () => {
  const { host, port } = broker.server();
  const source = { instance: 'metering', replica: 'metering-1' };
  const backend = connectJetStream({ host, port, name: 'metering', log });
  const cause = { correlationId: 'request-17' };

  const peer = startPeer(backend, { source, time: systemTime, newId: () => v7(), log });
  peer.serve(Resolve, { concurrency: 16 }, ({ data }) => {
    if (data.filter === '') throw new Refusal(422, 'an empty filter');
    return { devices: ['d1'] };
  });
  await peer.ready({ withinMs: 10_000 });

  const { devices } = await peer.call(Resolve, { filter: 'vin like 1H*' }, { to: { instance: 'metering' }, cause });
  expect(devices).toEqual(['d1']);
  await expect(peer.call(Resolve, { filter: '' }, { to: { replica: 'metering-1' } })).rejects.toThrow(ReplyError);

  const forgotten: string[] = [];
  const forget = (meter: string): void => void forgotten.push(meter);
  const other = startPeer(backend, {
    source: { ...source, replica: 'metering-2' },
    time: systemTime,
    newId: () => v7(),
    log,
  });
  await other.ready({ withinMs: 10_000 });
  const filter = broadcastFilter({ entityType: 'meter', eventGroup: 'lifecycle' });
  peer.listen({ filter, types: [MeterAdded] }, { group: 'fan-out', ignoreOwn: true }, ({ data }) => forget(data.meter));
  await peer.broadcast(MeterAdded.of({ meter: 'm1' }), { cause });
  await other.broadcast(MeterAdded.of({ meter: 'm2' }), { cause });
  await until('the event of the other replica was heard', () => forgotten.length === 1);
  expect(forgotten).toEqual(['m2']);

  await other.stop();
  await peer.stop({ withinMs: 20_000 });
  await backend.close();
});

test('a consumer is tried on days that nobody would wait for', async () => {
  const source = { instance: 'metering', replica: 'metering-1' };
  const seed = 42;
  const newestOf = new Map<string, number>();
  const handler = async (message: Message): Promise<void> => {
    if (isMessageOf(MeterRead, message)) newestOf.set(message.data.meter, message.data.value);
  };
  const encode = (draft: Draft): OutgoingMessage =>
    encodeMessage(draft, { id: v7(), createdAt: new Date(), source, cause: { correlationId: 'test' } });

  const time = new VirtualTime();
  const faults = seededFaults(seed, { duplicate: 0.2, delay: 0.2, dropAcknowledgement: 0.2 });
  const broker = createMemoryBackend({ time, faults });
  broker.addStream('events', ['test.>']);
  const group = broker.addConsumer('events', 'totals', { ackWaitMs: 10_000 });
  const options = { stream: 'events', consumer: 'totals', types: [MeterRead], handler, source, log };
  const totals = startConsumption(broker, { ...options, time, random: seededRandom(seed) });
  await broker.publisher.publish(encode(MeterRead.of({ meter: 'm1', value: 7 })));
  await time.advance(3_600_000);
  expect(group.isDone).toBe(true);

  expect(newestOf.get('m1')).toBe(7);
  await totals.stop({ withinMs: 0 });
  expect(time.waiting).toBe(0);
});

const openMyBackend = openMemory;

describeBackend({ describe, test }, 'my back-end', {
  capabilities: {
    deduplication: true,
    removal: true,
    recreation: true,
    editing: { notPromised: 'dead letters cannot be redriven' },
    exclusive: { notPromised: 'any replica may get any message' },
    restart: { notPromised: 'it lives and dies with one process' },
    live: true,
  },
  open: () => openMyBackend(),
});

test('a server works on a queue and answers requests, behind middlewares', async () => {
  const { host, port } = broker.server();
  const source = { instance: 'metering', replica: 'metering-1' };
  const backend = connectJetStream({ host, port, name: 'metering', log });
  const peer = startPeer(backend, { source, time: systemTime, newId: () => v7(), log });

  const once = effectOnce<PoolClient>((work) =>
    inTransaction(async (client) => {
      await work(async (sql, ...parameters) => (await client.query(sql, parameters)).rows, client);
    }),
  );
  const pipeline = eventPipeline()
    .use(correlatedLog())
    .use(timeLimit({ limitMs: 30_000, time: systemTime }))
    .use(once);
  const routes = [
    pipeline.on(MeterRead, async ({ data }, { transaction }) => {
      await transaction.query('UPDATE total SET value = value + $1', [data.value]);
    }),
    pipeline.on(MeterRemoved, async ({ params: { meter } }, { transaction, log }) => {
      await transaction.query('DELETE FROM meter WHERE name = $1', [meter]);
      log.info({ meter }, 'forgotten');
    }),
  ];

  const known = requestPipeline().use(cached({ ttlMs: 5_000, time: systemTime }));
  const server = startMessageServer(backend, {
    queues: [{ stream: 'events', consumer: 'meters', routes, concurrency: 32 }],
    requests: { peer, routes: [known.serve(Resolve, {}, () => ({ devices: ['d1'] }))] },
    source,
    log,
    time: systemTime,
    random: Math.random,
  });

  const encode = (draft: Draft): OutgoingMessage =>
    encodeMessage(draft, { id: v7(), createdAt: new Date(), source, cause: { correlationId: 'test' } });
  await backend.publisher.publish(encode(MeterRead.of({ meter: 'm1', value: 3 })));
  await backend.publisher.publish(encode(MeterRemoved.of({ meter: 'm1' })));
  const meters = async (): Promise<number> => (await database.pool.query('SELECT 1 FROM meter')).rows.length;
  await until('the meter is forgotten', async () => (await meters()) === 0);
  await peer.ready({ withinMs: 10_000 });
  const { devices } = await peer.call(Resolve, { filter: 'vin like 1H*' }, { to: { instance: 'metering' } });
  expect(devices).toEqual(['d1']);

  await server.stop({ withinMs: 20_000 });
  await peer.stop();
  await backend.close();
});

test('what the README shows is what runs here', async () => {
  const lines = (text: string): string =>
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .join('\n');
  const here = lines(await readFile(new URL(import.meta.url), 'utf8'));
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const blocks = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, block = '']) => lines(block));
  expect(blocks.length).toBeGreaterThan(2);
  for (const block of blocks) expect(here).toContain(block);
});
