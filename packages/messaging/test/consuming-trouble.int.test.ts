// What consuming promises when handlers are slow, hang or fail, and messages are hostile (G4, G5, G7–G11, D2).
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { quietLog } from '@longwave/embedded/testing';
import { PublishError, startConsumption, systemTime, type Backend } from '@longwave/messaging';
import { subjectTemplate } from '@longwave/messaging/contract';
import type { JetStreamBackend } from '@longwave/messaging/jetstream';
import { Reading, reading, testSource } from './support/reading.ts';
import { startBroker, type Broker } from './support/broker.ts';
import { createConsumptions, type Consumptions } from './support/consumptions.ts';
import { stoppedAfterEach } from './support/stopped-after-each.ts';
import { until } from './support/until.ts';

const stopping = stoppedAfterEach();

describe('consuming in trouble', () => {
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

  test('G4: a handler three times as slow as the ack wait handles each message once', async () => {
    const handled: number[] = [];
    await consumptions.consume(
      'slow',
      async (value) => {
        handled.push(value);
        await until('its time is over', () => false, 3_000).catch(() => undefined);
      },
      { ackWaitMs: 1_000, concurrency: 1 },
    );
    await consumptions.publish('slow', 2);
    await until('all are settled', consumptions.settled('slow'));
    expect(handled).toEqual([0, 1]);
  });

  test('G7: stopping gives back what has not started, at once, and waits for what runs', async () => {
    const released = Promise.withResolvers<void>();
    const handled: number[] = [];
    const first = await consumptions.consume(
      'stopping',
      async (value) => {
        await released.promise;
        handled.push(value);
      },
      { concurrency: 1 },
    );
    await consumptions.publish('stopping', 10);
    await until(
      'some are in hand',
      async () => (await broker.manager.consumers.info('events', 'stopping')).num_ack_pending >= 4,
    );
    const stopped = first.stop({ withinMs: 10_000 });
    const others: number[] = [];
    consumptions.bind('stopping', async (value) => void others.push(value), 1, broker.backend());
    await until('another replica has the rest', () => others.length === 9);
    released.resolve();
    await stopped;
    expect(handled).toEqual([0]);
    await until('all are settled', consumptions.settled('stopping'));
  });

  test('G7: stopping starts no handler any more, neither of what was ready nor of what waited for a retry', async () => {
    const started: number[] = [];
    const gate = Promise.withResolvers<void>();
    await broker.addConsumer('stop-starts', { filter: 'test.stop-starts.*' });
    const consumption = stopping(
      startConsumption(backend, {
        stream: 'events',
        consumer: 'stop-starts',
        types: [{ ...Reading, subject: subjectTemplate('test.stop-starts.{meter}') }],
        handler: async ({ data }) => {
          const { value } = Reading.decode(data).data ?? { value: -1 };
          started.push(value);
          if (value === 0) throw new Error('waits for its retry');
          await gate.promise;
        },
        source: testSource,
        log: quietLog,
        time: systemTime,
        random: () => 0.5,
        concurrency: 1,
        retry: { attemptsMax: 3, delayMsMin: 60_000, delayMsMax: 60_000 },
      }),
    );
    consumptions.stopAtTheEnd(consumption);
    const publishAs = (meter: string, value: number): Promise<unknown> =>
      backend.publisher.publish({ ...reading(meter, value), subject: `test.stop-starts.${meter}` });
    await publishAs('a', 0);
    await publishAs('b', 1);
    await publishAs('c', 2);
    await until('one waits and one runs', () => started.length === 2);
    const stopped = consumption.stop({ withinMs: 10_000 });
    await until('what has not started is given back', async () => {
      const { num_pending, num_ack_pending } = await broker.manager.consumers.info('events', 'stop-starts');
      return num_pending + num_ack_pending === 3 && num_ack_pending <= 1 + 2;
    });
    gate.resolve();
    await stopped;
    expect(started).toEqual([0, 1]);
  });

  test('G8, G10: while its dead letter cannot be stored a message waits, is not handled again, and loses nothing', async () => {
    let refusals = 0;
    const unwilling: Backend = {
      ...backend,
      publisher: {
        ...backend.publisher,
        publish: async (message, options) => {
          if (refusals++ < 3) throw new PublishError('unavailable', message.id, 'not now');
          return backend.publisher.publish(message, options);
        },
      },
    };
    await broker.addConsumer('unburied', { filter: 'test.meter.unburied.read' });
    const handled: number[] = [];
    consumptions.bind(
      'unburied',
      async (value) => {
        handled.push(value);
        if (value === 0) throw new Error('always');
      },
      16,
      unwilling,
    );
    await consumptions.publish('unburied', 2);
    await until('all are settled', consumptions.settled('unburied'));
    expect(refusals).toBe(4);
    expect(handled).toEqual([0, 0, 0, 1]);
    const [letter, ...others] = await consumptions.deadLetters('unburied');
    expect(others).toEqual([]);
    expect(letter?.headers).toMatchObject({ 'lw-cause': 'attempts-exhausted', 'lw-attempts': '3' });
  });

  test('D2: a message as large as the server takes leaves a dead letter without its bytes, and its place', async () => {
    const seen: number[] = [];
    await consumptions.consume('huge', async (value) => void seen.push(value));
    const { max_payload: payloadBytesMax = 0 } = broker.plain.info ?? {};
    await broker.plain.request('test.meter.huge.read', new Uint8Array(payloadBytesMax), { timeout: 10_000 });
    await consumptions.publish('huge', 1);
    await until('all are settled', consumptions.settled('huge'));
    expect(seen).toEqual([0]);
    const [letter] = await consumptions.deadLetters('huge');
    expect(letter?.headers).toMatchObject({ 'lw-cause': 'not-json', 'lw-omitted': 'headers, payload' });
    expect(letter?.payload.byteLength).toBe(0);
  });

  test('G5, G11: no subject that a stranger makes up, and no codec that throws, ends a consumption', async () => {
    const seen: number[] = [];
    await consumptions.consume('strange', async (value) => void seen.push(value), { filter: 'test.meter.>' });
    const good = await backend.reader.bounds('events');
    for (const token of ['%41', '%FF', '%', '%zz', 'é', '%00'])
      await broker.plain.request(`test.meter.${token}.read`, JSON.stringify(wire('x', 1)));
    await consumptions.publish('strange', 1);
    await until('all are settled', consumptions.settled('strange'));
    expect(seen.at(-1)).toBe(0);
    const letters = (await consumptions.deadLetters('strange')).filter(
      ({ headers }) => Number(headers['lw-original-sequence']) > good.last,
    );
    expect(letters.map(({ headers }) => headers['lw-cause'])).toEqual(Array(5).fill('unknown-type'));
  });

  test('G11: a handler that never ends leaves the others their places, and stopping leaves it behind', async () => {
    const seen: number[] = [];
    const consumption = await consumptions.consume(
      'endless',
      async (value) => {
        if (value === 0) await new Promise(() => undefined);
        seen.push(value);
      },
      { filter: 'test.meter.endless.*' },
    );
    const on = (key: string, value: number): Promise<unknown> => {
      const message = reading('endless', value);
      return backend.publisher.publish({ ...message, headers: { ...message.headers, 'ce-partitionkey': key } });
    };
    await on('a', 0);
    await on('b', 1);
    await until('the other is handled', () => seen.length === 1);
    await consumption.stop({ withinMs: 100 });
    expect(seen).toEqual([1]);
  });
});

const wire = (meter: string, value: number): object => ({
  version: 1,
  createdAt: '2026-01-01T00:00:00Z',
  data: { meter, value },
});
