// The lease of an ordered group against a real server that is killed, frozen and restarted (Z1, Z2).
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PullState } from '@longwave/messaging';
import { connectJetStream, type JetStreamBackend } from '@longwave/messaging/jetstream';
import { startBroker, type Broker } from './support/broker.ts';
import { keepLog } from './support/log-lines.ts';
import { reading } from './support/reading.ts';
import { until } from './support/until.ts';

const GROUP = 'leased';

describe('the lease of an ordered group', () => {
  let broker: Broker;
  const endings: Array<() => Promise<void>> = [];
  beforeEach(async () => {
    broker = await startBroker();
  });
  afterEach(async () => {
    for (const end of endings.splice(0).toReversed()) await end();
    await broker.close();
  });

  function contend(backend: JetStreamBackend = broker.backend(), group = GROUP) {
    const states: PullState[] = [];
    const values: number[] = [];
    const pull = backend.exclusive.pull('events', group, {
      prefetch: 10,
      onState: (state) => states.push(state),
      onDelivery: (delivery) => {
        values.push(delivery.stored.sequence);
        delivery.acknowledge();
      },
    });
    endings.push(() => pull.release(true));
    return { pull, states, values, isPulling: () => states.at(-1)?.state === 'pulling' };
  }

  test('Z1: of ten who ask at once one has it, each time that it is released', async () => {
    await broker.addConsumer(GROUP, { ackWaitMs: 2_000 });
    let contenders = Array.from({ length: 10 }, () => contend());
    for (let rounds = 0; rounds < 5; rounds += 1) {
      await until('one has it', () => contenders.some(({ pull }) => pull.isActive()));
      const active = contenders.filter(({ pull }) => pull.isActive());
      expect(active).toHaveLength(1);
      await active[0]?.pull.release(true);
      contenders = contenders.filter((one) => one !== active[0]);
      expect(active[0]?.pull.isActive()).toBe(false);
    }
  });

  test('Z1: without the server nobody has it; once it is back one has, and its messages flow', async () => {
    await broker.addConsumer(GROUP, { ackWaitMs: 2_000 });
    const both = [contend(), contend()];
    await until('one has it', () => both.some(({ isPulling }) => isPulling()));
    const restart = await broker.crash();
    await until('nobody has it', () => both.every(({ pull }) => !pull.isActive()));
    await restart();
    await until('one has it again', () => both.some(({ isPulling }) => isPulling()));
    await broker.backend().publisher.publish(reading('a', 1));
    await until('its messages flow', () => both.some(({ values }) => values.length === 1));
    expect(both.filter(({ pull }) => pull.isActive())).toHaveLength(1);
  });

  test('Z3: an ack wait that would make every take-over slow is told of when the group is taken', async () => {
    const { host, port } = broker.server();
    const { log, lines } = keepLog();
    const logging = connectJetStream({ host, port, name: 'logging', log });
    endings.push(() => logging.close());
    await broker.addConsumer(GROUP, { ackWaitMs: 2_000 });
    const quick = contend(logging);
    await until('it is taken', quick.isPulling);
    await quick.pull.release(true);
    await broker.addConsumer('slow', { ackWaitMs: 30_000 });
    const slow = contend(logging, 'slow');
    await until('it is taken', slow.isPulling);
    const told = lines.filter(({ message }) => message.includes('after the ack wait'));
    expect(told.map(({ fields }) => fields)).toEqual([
      { stream: 'events', consumer: 'slow', ackWaitMs: 30_000, ackWaitMsMax: 2_000 },
    ]);
  });

  test('U2: a stream or a consumer that is not there is told of, and used once it is there', async () => {
    const { states, isPulling } = contend();
    await until('that is told', () => states.at(-1)?.state === 'interrupted');
    await broker.addConsumer(GROUP);
    await until('it is used', isPulling);
    const missing: PullState[] = [];
    const pull = broker.backend().exclusive.pull('nowhere', GROUP, {
      prefetch: 1,
      onState: (state) => missing.push(state),
      onDelivery: () => undefined,
    });
    const told = { state: 'interrupted', reason: 'there is no stream nowhere' };
    await until('that is told', () => JSON.stringify(missing.at(-1)) === JSON.stringify(told));
    await pull.release(true);
  });
});
