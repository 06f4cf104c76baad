// What nats.js 3.4 does to messages in hand: to their acknowledgements, to those that wait, and when it is stopped. Each
// trap is sprung by nats.js alone and then avoided by this package. The list of all of them is in the README.
import type { JsMsg } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Delivery } from '@longwave/messaging';
import { startBroker, type Broker } from '../support/broker.ts';
import { createConsumptions, type Consumptions } from '../support/consumptions.ts';
import { connectRaw, isConnected } from '../support/raw-client.ts';
import { until } from '../support/until.ts';

let broker: Broker;
let consumptions: Consumptions;

beforeAll(async () => {
  broker = await startBroker();
  consumptions = createConsumptions(broker, broker.backend());
});

afterAll(async () => {
  await consumptions.stop();
  await broker.close();
});

/** A group with `count` messages waiting for it. */
const prepare = async (name: string, count: number, ackWaitMs = 30_000): Promise<void> => {
  await broker.addConsumer(name, { filter: `test.meter.${name}.read`, ackWaitMs });
  await consumptions.publish(name, count);
};
const unsettled = async (name: string): Promise<number> =>
  (await broker.manager.consumers.info('events', name)).num_ack_pending;
/** Looks again, and again, for longer than anything that is on its way takes: in hand or not, nobody has settled them. */
const staysAt = async (name: string, count: number): Promise<void> => {
  for (let looked = 0; looked < 10; looked += 1) {
    const { num_pending, num_ack_pending } = await broker.manager.consumers.info('events', name);
    expect(num_pending + num_ack_pending).toBe(count);
  }
};

describe('N2: what is acknowledged while the server is down', () => {
  test('nats.js alone takes five acknowledgements without an error, and all five are lost', async () => {
    const raw = await connectRaw(broker, { maxReconnectAttempts: -1 });
    await prepare('n2-raw', 5);
    const held: JsMsg[] = [];
    const consumer = await raw.js.consumers.get('events', 'n2-raw');
    const messages = await consumer.consume({ callback: (message) => void held.push(message) });
    await until('they are in hand', () => held.length === 5);
    const restart = await broker.crash();
    await until('the connection is lost', () => raw.losses() > 0);
    for (const message of held) message.ack();
    await restart();
    await until('it is connected again', () => isConnected(raw.connection));
    await staysAt('n2-raw', 5);
    await messages.close();
    await raw.close();
  });

  test('with the package they are sent again when it is back', async () => {
    const backend = broker.backend();
    await prepare('n2', 5);
    const held: Delivery[] = [];
    let isBack = false;
    const onDelivery = (delivery: Delivery): void => {
      held.push(delivery);
      // A server that was killed may have forgotten what it had delivered, and that is no fault of a client.
      if (isBack) delivery.acknowledge();
    };
    const pull = backend.consumers.pull('events', 'n2', { prefetch: 10, onDelivery, onState: () => undefined });
    await until('they are in hand', () => held.length === 5);
    const restart = await broker.crash();
    await until('the connection is lost', () => backend.state().state === 'down');
    for (const delivery of held) delivery.acknowledge();
    isBack = true;
    await restart();
    await until('all are settled', consumptions.settled('n2'));
    await pull.stop();
  });
});

describe('N4: stopping while a handler runs', () => {
  test('nats.js alone has drained before the handler is done, and its acknowledgement is lost', async () => {
    const raw = await connectRaw(broker);
    await prepare('n4-raw', 1);
    const done = Promise.withResolvers<void>();
    let [started, ended] = [false, false];
    const consumer = await raw.js.consumers.get('events', 'n4-raw');
    const handle = async (message: JsMsg): Promise<void> => {
      started = true;
      await done.promise;
      message.ack();
      ended = true;
    };
    await consumer.consume({ callback: (message) => void handle(message) });
    await until('it runs', () => started);
    await raw.connection.drain();
    expect(ended).toBe(false);
    done.resolve();
    await until('it has ended, and thinks it is acknowledged', () => ended);
    await staysAt('n4-raw', 1);
    await raw.close();
  });

  test('with the package stopping waits for the handler, and its message is settled', async () => {
    const done = Promise.withResolvers<void>();
    let [started, ended] = [false, false];
    await prepare('n4', 1);
    const consumption = consumptions.bind('n4', async () => {
      started = true;
      await done.promise;
      ended = true;
    });
    await until('it runs', () => started);
    const stopping = consumption.stop({ withinMs: 10_000 }).then(() => ended);
    done.resolve();
    expect(await stopping).toBe(true);
    await until('it is settled', async () => (await unsettled('n4')) === 0);
  });
});

describe('N5: stopping after 10 of 100 messages in hand', () => {
  test('nats.js alone leaves 90 orphans, which nobody gets before their ack wait is over', async () => {
    const raw = await connectRaw(broker);
    await prepare('n5-raw', 100);
    const consumer = await raw.js.consumers.get('events', 'n5-raw');
    const messages = await consumer.consume({ max_messages: 100 });
    let handled = 0;
    for await (const message of messages) {
      if (handled === 0) await until('all are in hand', async () => (await unsettled('n5-raw')) === 100);
      message.ack();
      handled += 1;
      if (handled === 10) break;
    }
    await messages.close();
    await raw.connection.flush();
    await staysAt('n5-raw', 90);
    await raw.close();
  });

  test('with the package what has not started is given back at once, and another replica has it', async () => {
    const gate = Promise.withResolvers<void>();
    let [handled, others] = [0, 0];
    await prepare('n5', 100);
    // One key, so one handler at a time, with 100 messages in hand.
    const first = consumptions.bind(
      'n5',
      async () => {
        if (handled === 10) await gate.promise;
        handled += 1;
      },
      25,
    );
    await until('ten are handled and 90 in hand', async () => handled === 10 && (await unsettled('n5')) === 90);
    const stopped = first.stop({ withinMs: 10_000 });
    consumptions.bind('n5', async () => void (others += 1), 25, broker.backend());
    await until('another replica has 89', () => others === 89);
    gate.resolve();
    await stopped;
    await until('no orphan is left', async () => (await unsettled('n5')) === 0);
    expect(handled + others).toBe(100);
  });
});

describe('N6: handlers whose queue is longer than the ack wait', () => {
  const HANDLING_MS = 50;
  const MESSAGES = 30;
  const handlingTime = async (): Promise<void> => {
    const endsAt = performance.now() + HANDLING_MS;
    await until('its time is over', () => performance.now() >= endsAt);
  };

  test('nats.js alone handles some of them more than once', async () => {
    const raw = await connectRaw(broker);
    await prepare('n6-raw', MESSAGES, 1_000);
    const times = new Map<number, number>();
    const consumer = await raw.js.consumers.get('events', 'n6-raw');
    const messages = await consumer.consume({ max_messages: 100 });
    for await (const message of messages) {
      await handlingTime();
      times.set(message.seq, (times.get(message.seq) ?? 0) + 1);
      message.ack();
      if ([...times.values()].some((count) => count > 1)) break;
    }
    await messages.close();
    expect(Math.max(...times.values())).toBe(2);
    await raw.close();
  });

  test('with the package each is handled once: what waits is renewed like what runs', async () => {
    await prepare('n6', MESSAGES, 1_000);
    const handled: number[] = [];
    // One key, so one handler at a time, with all of them in hand.
    consumptions.bind(
      'n6',
      async (value) => {
        await handlingTime();
        handled.push(value);
      },
      25,
    );
    await until('all are settled', consumptions.settled('n6'));
    expect(handled).toEqual(Array.from({ length: MESSAGES }, (_, value) => value));
  });
});
