// What consuming in batches promises (H1–H4), and with an inbox (I6), against real servers.
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { quietLog } from '@longwave/embedded/testing';
import { startBatchConsumption, systemTime } from '@longwave/messaging';
import { effectsOnce, type InTransaction } from '@longwave/messaging/inbox';
import type { JetStreamBackend } from '@longwave/messaging/jetstream';
import { headers as natsHeaders } from '@nats-io/nats-core';
import type { PoolClient } from 'pg';
import { startBroker, type Broker } from './support/broker.ts';
import { createConsumptions, type Consumptions } from './support/consumptions.ts';
import { createDatabase, type TestDatabase } from './support/database.ts';
import { stoppedAfterEach } from './support/stopped-after-each.ts';
import { until } from './support/until.ts';

const stopping = stoppedAfterEach();

describe('consuming in batches', () => {
  let broker: Broker;
  let backend: JetStreamBackend;
  let consumptions: Consumptions;
  beforeAll(async () => {
    broker = await startBroker();
    backend = broker.backend();
    consumptions = createConsumptions(broker, backend);
  });
  afterAll(async () => {
    await consumptions.stop();
    await broker.close();
  });

  test('H1–H3: a batch that fails is handed over again, the same messages in the same order, and then settled', async () => {
    await broker.addConsumer('batches', { filter: 'test.meter.batches.read', ackWaitMs: 1_000 });
    const batches: number[][] = [];
    let failures = 0;
    const consumption = stopping(
      startBatchConsumption(backend, {
        stream: 'events',
        consumer: 'batches',
        handler: async (messages) => {
          batches.push(messages.map(({ sequence }) => sequence));
          if (failures++ < 3) throw new Error('not yet');
        },
        log: quietLog,
        time: systemTime,
        random: () => 0.5,
        batchMax: 3,
      }),
    );
    await consumptions.publish('batches', 7);
    await broker.plain.request('test.meter.batches.read', 'unreadable');
    await until('all are settled', consumptions.settled('batches'));
    const [first, ...again] = batches;
    for (const batch of again.slice(0, 3)) expect(batch).toEqual(first);
    expect(batches.slice(3).flat()).toHaveLength(8);
    expect(consumption.state()).toEqual({ state: 'up' });
    await consumption.stop();
  });

  test('H2: that a batch fails shows in the state, but not what its error says', async () => {
    await broker.addConsumer('batch-fails', { filter: 'test.meter.batch-fails.read' });
    let isHealed = false;
    const consumption = stopping(
      startBatchConsumption(backend, {
        stream: 'events',
        consumer: 'batch-fails',
        handler: async () => {
          if (!isHealed) throw new RangeError('password authentication failed for user "ada" at 10.0.0.7');
        },
        log: quietLog,
        time: systemTime,
        random: () => 0.5,
      }),
    );
    await consumptions.publish('batch-fails', 1);
    // It is down before it has connected, too.
    const reason = 'events/batch-fails: a batch cannot be recorded (RangeError); the log says why';
    await until('that is told', () => isDeepStrictEqual(consumption.state(), { state: 'down', reason }));
    isHealed = true;
    await until('all are settled', consumptions.settled('batch-fails'));
    expect(consumption.state()).toEqual({ state: 'up' });
    await consumption.stop();
  });

  test('U9: of a backlog of half-megabyte messages no more than eight megabytes are in hand', async () => {
    await broker.addConsumer('large', { filter: 'test.meter.large.read' });
    const payload = new Uint8Array(512 * 1024);
    for (let sent = 0; sent < 40; sent += 1) await broker.plain.request('test.meter.large.read', payload);
    const gate = Promise.withResolvers<void>();
    let handled = 0;
    const consumption = stopping(
      startBatchConsumption(backend, {
        stream: 'events',
        consumer: 'large',
        handler: async (messages) => {
          await gate.promise;
          handled += messages.length;
        },
        log: quietLog,
        time: systemTime,
        random: () => 0.5,
      }),
    );
    const inHand = async (): Promise<number> =>
      (await broker.manager.consumers.info('events', 'large')).num_ack_pending;
    await until('as much as may be is in hand', async () => (await inHand()) >= 14);
    expect(await inHand()).toBeLessThanOrEqual(16);
    gate.resolve();
    await until('all are handled', () => handled === 40);
    await consumption.stop();
  });

  test('H4: stopping gives a handler its time, its leases renewed, and leaves one behind that takes longer', async () => {
    await broker.addConsumer('batch-stop', { filter: 'test.meter.batch-stop.read', ackWaitMs: 500 });
    const gate = Promise.withResolvers<void>();
    let handled = 0;
    const options = {
      stream: 'events',
      consumer: 'batch-stop',
      log: quietLog,
      time: systemTime,
      random: () => 0.5,
      handler: async (messages: readonly unknown[]) => {
        handled += messages.length;
        await gate.promise;
      },
    };
    const first = stopping(startBatchConsumption(backend, options));
    await consumptions.publish('batch-stop', 1);
    await until('it runs', () => handled === 1);
    const startedAt = performance.now();
    const stopped = first.stop({ withinMs: 60_000 });
    const second = stopping(startBatchConsumption(broker.backend(), options));
    await until('three ack waits are over', () => performance.now() - startedAt > 1_500);
    expect(handled).toBe(1);
    gate.resolve();
    await stopped;
    await until('it is settled', consumptions.settled('batch-stop'));
    await second.stop();
    const endless = stopping(
      startBatchConsumption(backend, { ...options, handler: () => new Promise(() => undefined) }),
    );
    await consumptions.publish('batch-stop', 1);
    await until('it is in hand', async () => !(await consumptions.settled('batch-stop')()));
    await endless.stop({ withinMs: 50 });
  });
});

describe('consuming in batches with an inbox', () => {
  let broker: Broker;
  let database: TestDatabase;
  beforeAll(async () => {
    broker = await startBroker();
    database = await createDatabase();
    await database.pool.query('CREATE TABLE effect (place bigint GENERATED ALWAYS AS IDENTITY, text text NOT NULL)');
  });
  afterAll(async () => {
    await broker.close();
    await database.drop();
  });

  const inTransaction: InTransaction<PoolClient> = async (work) => {
    const client = await database.pool.connect();
    try {
      await client.query('BEGIN');
      await work(async (sql, ...parameters) => (await client.query(sql, parameters)).rows, client);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  };
  const effects = async (): Promise<readonly string[]> => {
    const { rows } = await database.pool.query<{ text: string }>('SELECT text FROM effect ORDER BY place');
    return rows.map(({ text }) => text);
  };

  test('I6: the effects of a batch are all there or none, once, in order, and strangers’ messages among them', async () => {
    await broker.addConsumer('inbox', { filter: 'test.inbox.>', ackWaitMs: 1_000 });
    const send = (text: string, headers: Readonly<Record<string, string>> = {}) => {
      const said = natsHeaders();
      for (const [name, value] of Object.entries(headers)) said.set(name, value);
      return broker.plain.request('test.inbox.a', text, { timeout: 5_000, headers: said });
    };
    await send('one', { 'ce-id': 'one' });
    await send('not ours');
    await send('one', { 'ce-id': 'one' });
    await send('no index takes its id', { 'ce-id': '%00' });
    await send('three', { 'ce-id': 'three' });
    let calls = 0;
    stopping(
      startBatchConsumption(broker.backend(), {
        stream: 'events',
        consumer: 'inbox',
        handler: effectsOnce('inbox', inTransaction, async (messages, client) => {
          for (const { payload } of messages)
            await client.query('INSERT INTO effect (text) VALUES ($1)', [Buffer.from(payload).toString()]);
          if (++calls === 1) throw new Error('after all of them');
        }),
        log: quietLog,
        time: systemTime,
        random: () => 0.5,
      }),
    );
    const expected = ['one', 'not ours', 'no index takes its id', 'three'];
    await until('all are applied', async () => (await effects()).length >= expected.length);
    await send('three', { 'ce-id': 'three' });
    await send('last', { 'ce-id': 'last' });
    await until('the last is applied', async () => (await effects()).includes('last'));
    expect(await effects()).toEqual([...expected, 'last']);
  });
});
