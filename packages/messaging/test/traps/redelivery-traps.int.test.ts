// What nats.js 3.4 and nats-server do with messages that fail: how soon they come again, what becomes of those that are
// given up, and who waits for them. Each trap is sprung without this package and then avoided by it. The list of all of
// them is in the README.
import { AckPolicy } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startConsumption, systemTime, type Consumption, type Delivery, type Handler } from '@longwave/messaging';
import type { JetStreamBackend } from '@longwave/messaging/jetstream';
import { startBroker, type Broker } from '../support/broker.ts';
import { createConsumptions, type Consumptions } from '../support/consumptions.ts';
import { connectRaw, type RawClient } from '../support/raw-client.ts';
import { quietLog } from '@longwave/embedded/testing';
import { Reading, reading, testSource } from '../support/reading.ts';
import { until } from '../support/until.ts';

const NANOSECONDS_PER_MS = 1_000_000;
let broker: Broker;
let backend: JetStreamBackend;
let consumptions: Consumptions;
let raw: RawClient;

beforeAll(async () => {
  broker = await startBroker();
  backend = broker.backend();
  consumptions = createConsumptions(broker, backend);
  raw = await connectRaw(broker);
});

afterAll(async () => {
  await consumptions.stop();
  await raw.close();
  await broker.close();
});

const consume = (consumer: string, handler: Handler, delayMs: number, concurrency = 16): Consumption => {
  const consumption = startConsumption(backend, {
    stream: 'events',
    consumer,
    types: [Reading],
    handler,
    source: testSource,
    log: quietLog,
    time: systemTime,
    random: () => 0.5,
    concurrency,
    retry: { attemptsMax: 4, delayMsMin: delayMs, delayMsMax: delayMs },
  });
  consumptions.stopAtTheEnd(consumption);
  return consumption;
};

describe('N7: a message that fails again and again', () => {
  test('nats.js alone has all its deliveries at once: the backoff of the consumer does not apply to a nak', async () => {
    await broker.manager.consumers.add('events', {
      durable_name: 'n7-raw',
      filter_subject: 'test.meter.n7-raw.read',
      ack_policy: AckPolicy.Explicit,
      max_deliver: 4,
      backoff: [500, 1_000, 1_500].map((ms) => ms * NANOSECONDS_PER_MS),
    });
    const at: number[] = [];
    const consumer = await raw.js.consumers.get('events', 'n7-raw');
    const messages = await consumer.consume({
      callback: (message) => {
        at.push(performance.now());
        message.nak();
      },
    });
    await consumptions.publish('n7-raw', 1);
    await until('it was delivered four times', () => at.length === 4);
    expect(Number(at[3]) - Number(at[0])).toBeLessThan(500);
    await messages.close();
  });

  test('with the package each try waits for its delay', async () => {
    const at: number[] = [];
    await broker.addConsumer('n7', { filter: 'test.meter.n7.read' });
    const failing = async (): Promise<void> => {
      at.push(performance.now());
      throw new Error('again and again');
    };
    consume('n7', failing, 200);
    await consumptions.publish('n7', 1);
    await until('all attempts are over', consumptions.settled('n7'));
    // Half of the delay is jitter, and `random` is in the middle of it.
    const waits = at.slice(1).map((time, index) => time - Number(at[index]));
    expect(waits).toHaveLength(3);
    expect(Math.min(...waits)).toBeGreaterThan(140);
  });
});

describe('N8: a message that is given up', () => {
  test('without the package it stays in the stream, invisible; giving it back has counted as a delivery', async () => {
    await broker.manager.consumers.add('events', {
      durable_name: 'n8-raw',
      filter_subject: 'test.meter.n8-raw.read',
      ack_policy: AckPolicy.Explicit,
      max_deliver: 2,
    });
    const consumer = await raw.js.consumers.get('events', 'n8-raw');
    let delivered = 0;
    const messages = await consumer.consume({
      callback: (message) => {
        delivered += 1;
        message.nak(); // not a failure: this replica is stopping
      },
    });
    await consumptions.publish('n8-raw', 1);
    await until('it was delivered twice', () => delivered === 2);
    await until('nothing is in hand', async () => (await consumer.info()).num_ack_pending === 0);
    expect((await consumer.info()).num_pending).toBe(0);
    expect(
      await broker.manager.streams.getMessage('events', { last_by_subj: 'test.meter.n8-raw.read' }),
    ).not.toBeNull();
    expect(delivered).toBe(2);
    await messages.close();
  });

  test('with the package it is a dead letter after its attempts, and what was given back is none', async () => {
    await broker.addConsumer('n8', { filter: 'test.meter.n8.read' });
    await consumptions.publish('n8', 1);
    let givenBack = 0;
    const pull = backend.consumers.pull('events', 'n8', {
      prefetch: 1,
      onDelivery: (delivery: Delivery) => {
        givenBack += 1;
        delivery.giveBack(0);
      },
      onState: () => undefined,
    });
    await until('it was given back more often than it has attempts', () => givenBack > 4);
    await pull.stop();
    const failing = async (): Promise<void> => {
      throw new Error('always');
    };
    consume('n8', failing, 20);
    await until('it is settled', consumptions.settled('n8'));
    const [letter] = await consumptions.deadLetters('n8');
    expect(letter?.headers).toMatchObject({ 'lw-cause': 'attempts-exhausted', 'lw-attempts': '4' });
  });
});

describe('N10: one key that keeps failing, before others that would not', () => {
  const HOT = 8;
  const NEVER_MS = 600_000;

  test('without the package its delayed naks take every place, the others wait for it, and nothing says so', async () => {
    await broker.addConsumer('n10-raw', { filter: 'test.n10-raw.*', ackPendingMax: HOT });
    const handled: string[] = [];
    const consumer = await raw.js.consumers.get('events', 'n10-raw');
    let failures = 0;
    const messages = await consumer.consume({
      callback: (message) => {
        if (message.subject === 'test.n10-raw.hot') {
          failures += 1;
          return message.nak(NEVER_MS);
        }
        handled.push(message.subject);
        message.ack();
      },
    });
    for (let index = 0; index < HOT; index += 1) await raw.js.publish('test.n10-raw.hot');
    await raw.js.publish('test.n10-raw.cool');
    await until('the hot ones have failed', () => failures === HOT);
    for (let looked = 0; looked < 10; looked += 1) expect((await consumer.info()).num_pending).toBe(1);
    expect(handled).toEqual([]);
    await messages.close();
  });

  test('with the package it waits in its lane while the others flow, and when it has taken every place that is told', async () => {
    await broker.manager.consumers.add('events', {
      durable_name: 'n10',
      filter_subjects: ['test.meter.n10-hot.read', 'test.meter.n10-cool.read'],
      ack_policy: AckPolicy.Explicit,
      max_ack_pending: HOT,
      max_deliver: -1,
    });
    const handled: string[] = [];
    const consumption = consume(
      'n10',
      async ({ key }) => {
        if (key === 'meter/n10-hot') throw new Error('keeps failing');
        handled.push(key);
      },
      NEVER_MS,
      1,
    );
    await consumptions.publish('n10-hot', 3);
    await consumptions.publish('n10-cool', 2);
    await until('the others are handled', () => handled.length === 2);
    expect(consumption.state()).toMatchObject({ state: 'degraded', reason: expect.stringContaining('1 keys wait') });
    for (let value = 3; value < HOT; value += 1) await backend.publisher.publish(reading('n10-hot', value));
    await until('that is told', () => JSON.stringify(consumption.state()).includes('no place is left for others'));
  });
});
