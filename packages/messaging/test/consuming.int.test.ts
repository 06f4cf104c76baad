// What consuming promises (G1–G11, U1–U7, H1–H4), against a real server that is restarted on the way.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AckPolicy } from '@nats-io/jetstream';
import {
  PublishError,
  Reject,
  startBatchConsumption,
  startConsumption,
  systemTime,
  Unavailable,
  type Backend,
  type Consumption,
  type Delivery,
  type Handler,
  type PullState,
} from '@longwave/messaging';
import { subjectTemplate } from '@longwave/messaging/contract';
import type { JetStreamBackend } from '@longwave/messaging/jetstream';
import { startBroker, type Broker } from './support/broker.ts';
import { quietLog } from './support/quiet-log.ts';
import { Reading, reading, testSource } from './support/reading.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { until } from './support/until.ts';

describe('consuming', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let broker: Broker;
  let backend: JetStreamBackend;
  let running: Consumption[] = [];
  beforeAll(async () => {
    folder = await temporaryFolder();
    broker = await startBroker(folder.path);
    backend = broker.backend();
  });
  afterAll(async () => {
    await Promise.all(running.map((consumption) => consumption.stop({ withinMs: 1_000 })));
    await broker.close();
    await folder.remove();
  });

  /** A group of its own, which sees only the meter of that name. */
  const consume = async (
    name: string,
    handler: (value: number, ...rest: Parameters<Handler>) => Promise<void>,
    options: { readonly concurrency?: number; readonly ackWaitMs?: number; readonly filter?: string } = {},
  ): Promise<Consumption> => {
    const { filter = `test.meter.${name}.read`, ackWaitMs = 30_000 } = options;
    await broker.addConsumer(name, { filter, ackWaitMs });
    return bind(name, handler, options.concurrency);
  };
  const bind = (
    name: string,
    handler: (value: number, ...rest: Parameters<Handler>) => Promise<void>,
    concurrency = 16,
    from: Backend = backend,
  ): Consumption => {
    const consumption = startConsumption(from, {
      stream: 'events',
      consumer: name,
      types: [Reading],
      handler: (message, context) => {
        const data = Reading.decode(message.data);
        return handler(data.data?.value ?? -1, message, context);
      },
      source: testSource,
      log: quietLog,
      time: systemTime,
      random: () => 0.5,
      concurrency,
      retry: { attemptsMax: 3, delayMsMin: 20, delayMsMax: 100 },
    });
    running.push(consumption);
    return consumption;
  };
  const publish = (meter: string, count: number): Promise<unknown> =>
    Promise.all(Array.from({ length: count }, (_, value) => backend.publisher.publish(reading(meter, value))));
  const settled = (consumer: string) => async (): Promise<boolean> => {
    const { num_pending: pending, num_ack_pending: unsettled } = await broker.manager.consumers.info(
      'events',
      consumer,
    );
    return pending === 0 && unsettled === 0;
  };
  const deadLetters = async (group: string) =>
    (await broker.contents('dead-letter')).filter(({ subject }) => subject === `dead-letter.events.${group}`);

  test('G1, G2: every message is handled once, in order per key, keys side by side', async () => {
    const seen = new Map<string, number[]>();
    let together = 0;
    let most = 0;
    await consume(
      'order',
      async (value, message) => {
        together += 1;
        most = Math.max(most, together);
        await new Promise(setImmediate);
        const values = seen.get(message.key) ?? [];
        seen.set(message.key, [...values, value]);
        together -= 1;
      },
      { filter: 'test.meter.*.read' },
    );
    const meters = ['k1', 'k2', 'k3', 'k4', 'k5'];
    await Promise.all(meters.map((meter) => publish(meter, 200)));
    await until('all are settled', settled('order'));
    const expected = Array.from({ length: 200 }, (_, value) => value);
    for (const meter of meters) expect(seen.get(`meter/${meter}`)).toEqual(expected);
    expect(most).toBeGreaterThan(1);
  });

  test('G2, G3: a failing key waits and goes on in order; every other key flows meanwhile', async () => {
    const order: string[] = [];
    let failures = 0;
    await consume(
      'hot',
      async (value, message) => {
        if (message.key === 'meter/hot1' && value === 0 && failures < 2) {
          failures += 1;
          throw new Error('not yet');
        }
        order.push(`${message.key}:${value}`);
      },
      { filter: 'test.meter.*.read', concurrency: 1 },
    );
    await publish('hot1', 3);
    await publish('cool1', 3);
    await until('all are settled', settled('hot'));
    expect(order.filter((entry) => entry.startsWith('meter/hot1'))).toEqual([
      'meter/hot1:0',
      'meter/hot1:1',
      'meter/hot1:2',
    ]);
    expect(order.indexOf('meter/cool1:2')).toBeLessThan(order.indexOf('meter/hot1:0'));
  });

  test('G1: a rejected message is a dead letter at once, with its bytes, its cause and where it lay', async () => {
    let handled = 0;
    await consume('reject', async (value) => {
      handled += 1;
      if (value === 1) throw new Reject('this meter was never installed');
    });
    await publish('reject', 3);
    await until('all are settled', settled('reject'));
    expect(handled).toBe(3);
    const [letter, ...others] = await deadLetters('reject');
    expect(others).toEqual([]);
    expect(letter?.headers).toMatchObject({
      'lw-cause': 'rejected',
      'lw-attempts': '1',
      'lw-original-subject': 'test.meter.reject.read',
    });
    expect(decodeURIComponent(letter?.headers['lw-error'] ?? '')).toBe('this meter was never installed');
    expect(JSON.parse(Buffer.from(letter?.payload ?? []).toString())).toMatchObject({
      data: { meter: 'reject', value: 1 },
    });
  });

  test('a message that fails every time is a dead letter after its attempts, and its key goes on', async () => {
    const attempts: number[] = [];
    await consume('exhaust', async (value) => {
      attempts.push(value);
      if (value === 0) throw new Error('always');
    });
    await publish('exhaust', 2);
    await until('all are settled', settled('exhaust'));
    expect(attempts).toEqual([0, 0, 0, 1]);
    const [letter] = await deadLetters('exhaust');
    expect(letter?.headers).toMatchObject({ 'lw-cause': 'attempts-exhausted', 'lw-attempts': '3' });
  });

  test('Unavailable is no attempt: a message outlives more failures than it has attempts', async () => {
    let tries = 0;
    await consume('away', async () => {
      tries += 1;
      if (tries <= 6) throw new Unavailable('the database is away');
    });
    await publish('away', 1);
    await until('it is settled', settled('away'));
    expect(tries).toBe(7);
    expect(await deadLetters('away')).toEqual([]);
  });

  test('G5: what cannot be read is a dead letter with its own bytes, and the others flow', async () => {
    const seen: number[] = [];
    await consume('junk', async (value) => void seen.push(value));
    await broker.plain.request('test.meter.junk.read', Uint8Array.of(0xff, 0x00, 0x0d, 0x0a));
    await broker.plain.request(
      'test.meter.junk.read',
      '{"version":1,"createdAt":"2026-01-01T00:00:00Z","data":{"meter":5}}',
    );
    await broker.plain.request(
      'test.meter.junk.read',
      '{"version":1,"createdAt":"2026-01-01T00:00:00Z","data":{"meter":"junk","value":9}}',
    );
    await until('all are settled', settled('junk'));
    expect(seen).toEqual([9]);
    const letters = await deadLetters('junk');
    expect(letters.map(({ headers }) => headers['lw-cause'])).toEqual(['not-json', 'invalid-data']);
    expect([...(letters[0]?.payload ?? [])]).toEqual([0xff, 0x00, 0x0d, 0x0a]);
  });

  test('a message from outside without our headers has its position for an id and a correlation', async () => {
    const ids: string[] = [];
    await consume('foreign', async (_value, { id, correlationId }) => void ids.push(id, correlationId));
    await broker.plain.request(
      'test.meter.foreign.read',
      '{"version":1,"createdAt":"2026-01-01T00:00:00Z","data":{"meter":"x","value":1}}',
    );
    await until('it is settled', settled('foreign'));
    expect(ids[0]).toMatch(/^events:\d+:\d+$/);
    expect(ids[1]).toBe(ids[0]);
  });

  test('G6: an expired message is never handled', async () => {
    let handled = 0;
    await consume('expired', async () => void (handled += 1));
    const message = reading('expired', 1);
    const headers = { ...message.headers, 'ce-expirytime': new Date(Date.now() - 1_000).toISOString() };
    await backend.publisher.publish({ ...message, headers });
    await until('it is settled', settled('expired'));
    expect(handled).toBe(0);
  });

  test('G4: a handler three times as slow as the ack wait handles each message once', async () => {
    const handled: number[] = [];
    await consume(
      'slow',
      async (value) => {
        handled.push(value);
        await until('its time is over', () => false, 3_000).catch(() => undefined);
      },
      { ackWaitMs: 1_000, concurrency: 1 },
    );
    await publish('slow', 2);
    await until('all are settled', settled('slow'));
    expect(handled).toEqual([0, 1]);
  });

  test('G7: stopping gives back what has not started, at once, and waits for what runs', async () => {
    const released = Promise.withResolvers<void>();
    const handled: number[] = [];
    const first = await consume(
      'stopping',
      async (value) => {
        await released.promise;
        handled.push(value);
      },
      { concurrency: 1 },
    );
    await publish('stopping', 10);
    await until(
      'some are in hand',
      async () => (await broker.manager.consumers.info('events', 'stopping')).num_ack_pending >= 4,
    );
    const stopped = first.stop({ withinMs: 10_000 });
    const others: number[] = [];
    bind('stopping', async (value) => void others.push(value), 1, broker.backend());
    await until('another replica has the rest', () => others.length === 9);
    released.resolve();
    await stopped;
    expect(handled).toEqual([0]);
    await until('all are settled', settled('stopping'));
  });

  test('U2, U4: the server is killed while messages are handled; all are handled, none is stuck', async () => {
    const values = new Set<number>();
    const gate = Promise.withResolvers<void>();
    await consume('restart', async (value) => {
      if (value === 0) await gate.promise;
      values.add(value);
    });
    await publish('restart', 20);
    await until(
      'it is at work',
      async () => (await broker.manager.consumers.info('events', 'restart')).num_ack_pending > 0,
    );
    const restart = await broker.crash();
    gate.resolve();
    await restart();
    await until('the back-end is up again', () => backend.state().state === 'up');
    await publish('restart', 25);
    await until('all are settled', settled('restart'), 40_000);
    expect(values.size).toBe(25);
  });

  test('U2: a consumer that is deleted is reported, and used again once its owner has made it', async () => {
    const values: number[] = [];
    const consumption = await consume('deleted', async (value) => void values.push(value));
    await until('it pulls', () => consumption.state().state === 'up');
    await broker.manager.consumers.delete('events', 'deleted');
    await until('that is reported', () => consumption.state().state === 'down');
    await broker.addConsumer('deleted', { filter: 'test.meter.deleted.read' });
    await publish('deleted', 1);
    await until('it is used again', () => values.length === 1);
  });

  test('U1: no more than four messages a handler are in hand', async () => {
    const gate = Promise.withResolvers<void>();
    await consume('prefetch', () => gate.promise, { concurrency: 1 });
    await publish('prefetch', 100);
    await until(
      'some are in hand',
      async () => (await broker.manager.consumers.info('events', 'prefetch')).num_ack_pending > 0,
    );
    const { num_ack_pending: unsettled } = await broker.manager.consumers.info('events', 'prefetch');
    expect(unsettled).toBeLessThanOrEqual(8);
    gate.resolve();
    await until('all are settled', settled('prefetch'));
  });

  test('G7: stopping starts no handler any more, neither of what was ready nor of what waited for a retry', async () => {
    const started: number[] = [];
    const gate = Promise.withResolvers<void>();
    await broker.addConsumer('stop-starts', { filter: 'test.stop-starts.*' });
    const consumption = startConsumption(backend, {
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
    });
    running.push(consumption);
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
    bind(
      'unburied',
      async (value) => {
        handled.push(value);
        if (value === 0) throw new Error('always');
      },
      16,
      unwilling,
    );
    await publish('unburied', 2);
    await until('all are settled', settled('unburied'));
    expect(refusals).toBe(4);
    expect(handled).toEqual([0, 0, 0, 1]);
    const [letter, ...others] = await deadLetters('unburied');
    expect(others).toEqual([]);
    expect(letter?.headers).toMatchObject({ 'lw-cause': 'attempts-exhausted', 'lw-attempts': '3' });
  });

  test('D2: a message as large as the server takes leaves a dead letter without its bytes, and its place', async () => {
    const seen: number[] = [];
    await consume('huge', async (value) => void seen.push(value));
    const { max_payload: payloadBytesMax = 0 } = broker.plain.info ?? {};
    await broker.plain.request('test.meter.huge.read', new Uint8Array(payloadBytesMax), { timeout: 10_000 });
    await publish('huge', 1);
    await until('all are settled', settled('huge'));
    expect(seen).toEqual([0]);
    const [letter] = await deadLetters('huge');
    expect(letter?.headers).toMatchObject({ 'lw-cause': 'not-json', 'lw-omitted': 'headers, payload' });
    expect(letter?.payload.byteLength).toBe(0);
  });

  test('G5, G11: no subject that a stranger makes up, and no codec that throws, ends a consumption', async () => {
    const seen: number[] = [];
    await consume('strange', async (value) => void seen.push(value), { filter: 'test.meter.>' });
    const good = await backend.reader.bounds('events');
    for (const token of ['%41', '%FF', '%', '%zz', 'é', '%00'])
      await broker.plain.request(`test.meter.${token}.read`, JSON.stringify(wire('x', 1)));
    await publish('strange', 1);
    await until('all are settled', settled('strange'));
    expect(seen.at(-1)).toBe(0);
    const letters = (await deadLetters('strange')).filter(
      ({ headers }) => Number(headers['lw-original-sequence']) > good.last,
    );
    expect(letters.map(({ headers }) => headers['lw-cause'])).toEqual(Array(5).fill('unknown-type'));
  });

  test('G11: a handler that never ends leaves the others their places, and stopping leaves it behind', async () => {
    const seen: number[] = [];
    const consumption = await consume(
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

  test('U4: what is settled while the server is away reaches it even when the pull was stopped before', async () => {
    await broker.addConsumer('late-ack', { filter: 'test.meter.late-ack.read', ackWaitMs: 60_000 });
    const deliveries: Delivery[] = [];
    const own = broker.backend();
    const pull = own.consumers.pull('events', 'late-ack', {
      prefetch: 10,
      onDelivery: (delivery) => deliveries.push(delivery),
      onState: () => undefined,
    });
    await publish('late-ack', 3);
    await until('they are delivered', () => deliveries.length === 3);
    await pull.stop();
    const restart = await broker.crash();
    await until('that is noticed', () => own.state().state === 'down');
    for (const delivery of deliveries) delivery.acknowledge();
    await restart();
    await until('all are settled', settled('late-ack'));
  });

  test('U2: a consumer that was busy for long and then idle is not taken for one that vanished', async () => {
    await broker.addConsumer('idle', { filter: 'test.meter.idle.read' });
    const deliveries: Delivery[] = [];
    const states: PullState[] = [];
    const pull = backend.consumers.pull('events', 'idle', {
      prefetch: 1,
      onDelivery: (delivery) => deliveries.push(delivery),
      onState: (state) => states.push(state),
    });
    await publish('idle', 1);
    await until('it is delivered', () => deliveries.length === 1);
    const startedAt = performance.now();
    await until('longer than a silence may last', () => performance.now() - startedAt > 5_000);
    deliveries[0]?.acknowledge();
    await until('longer than the next look', () => performance.now() - startedAt > 7_500);
    await pull.stop();
    expect(states.map(({ state }) => state)).toEqual(['pulling']);
  });

  test('U6: a stream and a consumer made anew while all places are taken lend no message the old epoch', async () => {
    await broker.manager.streams.add({ name: 'again', subjects: ['again.>'], allow_direct: true });
    const addConsumer = () =>
      broker.manager.consumers.add('again', {
        durable_name: 'again',
        ack_policy: AckPolicy.Explicit,
        ack_wait: 1_000_000_000,
      });
    await addConsumer();
    const deliveries: Delivery[] = [];
    const pull = backend.consumers.pull('again', 'again', {
      prefetch: 2,
      onDelivery: (delivery) => deliveries.push(delivery),
      onState: () => undefined,
    });
    for (const step of ['1', '2', '3']) await broker.plain.request(`again.${step}`);
    await until('all places are taken', () => deliveries.length === 2);
    await broker.manager.streams.delete('again');
    await broker.manager.streams.add({ name: 'again', subjects: ['again.>'], allow_direct: true });
    await addConsumer();
    for (const step of ['1', '2']) await broker.plain.request(`again.${step}`);
    for (const delivery of deliveries.splice(0)) delivery.acknowledge();
    const seen = new Set<string>();
    await until('the new ones are delivered', () => {
      for (const { stored, acknowledge } of deliveries.splice(0)) {
        seen.add(`${stored.epoch}:${stored.sequence}`);
        acknowledge();
      }
      return seen.size === 2;
    });
    const { epoch } = await backend.reader.bounds('again');
    expect([...seen].toSorted()).toEqual([`${epoch}:1`, `${epoch}:2`]);
    await pull.stop();
  });

  test('U7: a receiver that throws gets its message again, and the connection stays', async () => {
    await broker.addConsumer('thrower', { filter: 'test.meter.thrower.read' });
    const counts: number[] = [];
    const states: PullState[] = [];
    const pull = backend.consumers.pull('events', 'thrower', {
      prefetch: 10,
      onDelivery: (delivery) => {
        counts.push(delivery.deliveryCount);
        if (delivery.deliveryCount === 1) throw new Error('a receiver of the test');
        delivery.acknowledge();
        delivery.acknowledge();
      },
      onState: (state) => states.push(state),
    });
    await publish('thrower', 2);
    await until('all are settled', settled('thrower'));
    expect(counts).toEqual([1, 1, 2, 2]);
    expect(states.map(({ state }) => state)).toEqual(['pulling']);
    await pull.stop();
  });

  test('H1–H3: a batch that fails is handed over again, the same messages in the same order, and then settled', async () => {
    await broker.addConsumer('batches', { filter: 'test.meter.batches.read', ackWaitMs: 1_000 });
    const batches: number[][] = [];
    let failures = 0;
    const consumption = startBatchConsumption(backend, {
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
    });
    await publish('batches', 7);
    await broker.plain.request('test.meter.batches.read', 'unreadable');
    await until('all are settled', settled('batches'));
    const [first, ...again] = batches;
    for (const batch of again.slice(0, 3)) expect(batch).toEqual(first);
    expect(batches.slice(3).flat()).toHaveLength(8);
    expect(consumption.state()).toEqual({ state: 'up' });
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
    const first = startBatchConsumption(backend, options);
    await publish('batch-stop', 1);
    await until('it runs', () => handled === 1);
    const startedAt = performance.now();
    const stopped = first.stop({ withinMs: 60_000 });
    const second = startBatchConsumption(broker.backend(), options);
    await until('three ack waits are over', () => performance.now() - startedAt > 1_500);
    expect(handled).toBe(1);
    gate.resolve();
    await stopped;
    await until('it is settled', settled('batch-stop'));
    await second.stop();
    const endless = startBatchConsumption(backend, { ...options, handler: () => new Promise(() => undefined) });
    await publish('batch-stop', 1);
    await until('it is in hand', async () => !(await settled('batch-stop')()));
    await endless.stop({ withinMs: 50 });
  });
});

const wire = (meter: string, value: number): object => ({
  version: 1,
  createdAt: '2026-01-01T00:00:00Z',
  data: { meter, value },
});
