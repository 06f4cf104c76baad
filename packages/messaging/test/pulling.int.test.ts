// What pulling from a durable consumer promises (U1–U10), against a real server.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Delivery, PullState } from '@longwave/messaging';
import type { JetStreamBackend } from '@longwave/messaging/jetstream';
import { AckPolicy } from '@nats-io/jetstream';
import { v7 } from 'uuid';
import { startBroker, type Broker } from './support/broker.ts';
import { createConsumptions, type Consumptions } from './support/consumptions.ts';
import { until } from './support/until.ts';

describe('pulling', () => {
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

  test('U1: no more than four messages a handler are in hand', async () => {
    const gate = Promise.withResolvers<void>();
    await consumptions.consume('prefetch', () => gate.promise, { concurrency: 1 });
    await consumptions.publish('prefetch', 100);
    await until(
      'some are in hand',
      async () => (await broker.manager.consumers.info('events', 'prefetch')).num_ack_pending > 0,
    );
    const { num_ack_pending: unsettled } = await broker.manager.consumers.info('events', 'prefetch');
    expect(unsettled).toBeLessThanOrEqual(8);
    gate.resolve();
    await until('all are settled', consumptions.settled('prefetch'));
  });

  test('U4: what is settled while the connection is lost reaches the server even when the pull was stopped before', async () => {
    await broker.addConsumer('late-ack', { filter: 'test.meter.late-ack.read', ackWaitMs: 60_000 });
    const deliveries: Delivery[] = [];
    const own = broker.backend();
    const pull = own.consumers.pull('events', 'late-ack', {
      prefetch: 10,
      onDelivery: (delivery) => deliveries.push(delivery),
      onState: () => undefined,
    });
    await consumptions.publish('late-ack', 3);
    await until('they are delivered', () => deliveries.length === 3);
    await pull.stop();
    // Not by a crash: a server that is killed may forget what it has delivered, and ignores the settlement of it.
    await own.link.connection()?.reconnect();
    await until('that is noticed', () => own.state().state === 'down');
    for (const delivery of deliveries) delivery.acknowledge();
    await until('all are settled', consumptions.settled('late-ack'));
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
    await consumptions.publish('idle', 1);
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
    // Given back, because the new consumer takes what is said of an old message for said of its own at that sequence.
    for (const delivery of deliveries.splice(0)) delivery.giveBack(0);
    const seen = new Set<string>();
    await until('the new ones are delivered', () => {
      for (const delivery of deliveries.splice(0)) {
        seen.add(`${delivery.stored.epoch}:${delivery.stored.sequence}`);
        delivery.acknowledge();
      }
      return seen.size === 2;
    });
    const { epoch } = await backend.reader.bounds('again');
    expect([...seen].toSorted()).toEqual([`${epoch}:1`, `${epoch}:2`]);
    await pull.stop();
  });

  test.each([
    ['acknowledges nothing', { ack_policy: AckPolicy.None }, 'ack_policy is none'],
    ['takes one for all before it', { ack_policy: AckPolicy.All }, 'ack_policy is all'],
    ['gives up by itself', { ack_policy: AckPolicy.Explicit, max_deliver: 2 }, 'max_deliver is 2'],
    ['leaves out the payload', { ack_policy: AckPolicy.Explicit, headers_only: true }, 'headers_only'],
  ])(
    'U10: a consumer that %s gets no message lost: it says so, and flows when it is mended',
    async (_what, wrong, why) => {
      const meter = `unfit-${v7()}`;
      const filter = `test.meter.${meter}.read`;
      await broker.manager.consumers.add('events', { durable_name: meter, filter_subject: filter, ...wrong });
      const values: unknown[] = [];
      const consumption = consumptions.bind(meter, async (value) => void values.push(value));
      await consumptions.publish(meter, 1);
      await until('it says so', () => JSON.stringify(consumption.state()).includes(why));
      expect([values, consumption.state()]).toEqual([[], expect.objectContaining({ state: 'down' })]);
      await broker.manager.consumers.delete('events', meter);
      await broker.addConsumer(meter, { filter });
      await until('it is handled', consumptions.settled(meter));
      expect([values, consumption.state()]).toEqual([[0], { state: 'up' }]);
    },
  );

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
    await consumptions.publish('thrower', 2);
    await until('all are settled', consumptions.settled('thrower'));
    expect(counts).toEqual([1, 1, 2, 2]);
    expect(states.map(({ state }) => state)).toEqual(['pulling']);
    await pull.stop();
  });
});
