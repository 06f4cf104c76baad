// Each kind of fault, alone and always: what it does to whoever consumes, and that a seed makes the same day again.
import { expect, test } from '@jest/globals';
import type { Delivery } from '../ports.ts';
import { reading, valueOf } from '../testing/reading.ts';
import { seededFaults, type FaultChances } from './faults.ts';
import { createMemoryBackend } from './memory-backend.ts';
import { VirtualTime } from './virtual-time.ts';

const ACK_WAIT_MS = 10_000;

/** A line for every delivery: `<ms since the start> <value>#<delivery count>`. */
type History = readonly string[];

type Day = {
  readonly seed?: number;
  readonly messages?: number;
  readonly onDelivery?: (delivery: Delivery) => void;
  readonly advanceMs?: number;
};

const acknowledge = (delivery: Delivery): void => delivery.acknowledge();

async function dayWith(chances: FaultChances, day: Day = {}): Promise<History> {
  const { seed = 1, messages = 3, onDelivery = acknowledge, advanceMs = 60_000 } = day;
  const time = new VirtualTime(new Date(0));
  const backend = createMemoryBackend({ time, faults: seededFaults(seed, chances) });
  backend.addStream('events', ['conformance.>']);
  backend.addConsumer('events', 'group', { ackWaitMs: ACK_WAIT_MS });
  const history: string[] = [];
  const pull = backend.consumers.pull('events', 'group', {
    prefetch: 100,
    onDelivery: (delivery) => {
      history.push(`${time.now().getTime()} ${valueOf(delivery.stored)}#${delivery.deliveryCount}`);
      onDelivery(delivery);
    },
    onState: () => undefined,
  });
  for (let value = 0; value < messages; value += 1) await backend.publisher.publish(reading('a', value, `m${value}`));
  await time.advance(advanceMs);
  await pull.stop();
  return history;
}

const valuesOf = (history: History): number[] => history.map((line) => Number(/ (\d+)#/.exec(line)?.[1]));

test('without a fault every message is delivered once, in order, at once', async () => {
  expect(await dayWith({})).toEqual(['0 0#1', '0 1#1', '0 2#1']);
});

test('duplicate: a message is delivered twice', async () => {
  const held = await dayWith({ duplicate: 1 }, { onDelivery: () => undefined, advanceMs: 1 });
  expect(held).toEqual(['0 0#1', '0 0#1', '0 1#1', '0 1#1', '0 2#1', '0 2#1']);
});

test('delay: a message arrives later, and no later than was said', async () => {
  const history = await dayWith({ delay: 1, delayMsMax: 500 }, { messages: 20 });
  const times = history.map((line) => Number.parseInt(line, 10));
  expect(valuesOf(history).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, value) => value));
  expect(Math.min(...times)).toBeGreaterThan(0);
  expect(Math.max(...times)).toBeLessThanOrEqual(500);
});

test('reorder: a message arrives after the one that follows it, or by itself when none does', async () => {
  const history = await dayWith({ reorder: 0.5 }, { seed: 3, messages: 10 });
  const values = valuesOf(history);
  expect(values).not.toEqual(values.toSorted((a, b) => a - b));
  expect(values.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, value) => value));
  for (const [index, value] of values.entries()) expect(Math.abs(value - index)).toBeLessThanOrEqual(2);
  expect(valuesOf(await dayWith({ reorder: 1 }, { messages: 1 }))).toEqual([0]);
});

test('dropAcknowledgement: what was settled is delivered again after the ack wait, for ever', async () => {
  const history = await dayWith({ dropAcknowledgement: 1 }, { messages: 1, advanceMs: 25_000 });
  expect(history).toEqual(['0 0#1', '10000 0#2', '20000 0#3']);
});

test('dropAcknowledgement: what is given back is lost as well, and comes after the ack wait', async () => {
  const giveBack = (delivery: Delivery): void => delivery.giveBack(0);
  const history = await dayWith({ dropAcknowledgement: 1 }, { messages: 1, advanceMs: 15_000, onDelivery: giveBack });
  expect(history).toEqual(['0 0#1', '10000 0#2']);
});

test('dropPublishAnswer: the outcome is unknown, the message is stored, and sent again it is a duplicate', async () => {
  const time = new VirtualTime();
  const backend = createMemoryBackend({ time, faults: seededFaults(1, { dropPublishAnswer: 1 }) });
  const stream = backend.addStream('events', ['conformance.>']);
  const message = reading('a', 1);
  for (let tries = 0; tries < 3; tries += 1)
    await expect(backend.publisher.publish(message)).rejects.toMatchObject({ code: 'unknown', messageId: message.id });
  expect(stream.from(0)).toHaveLength(1);
});

test('a replica that crashes with messages in hand is heard of no more; they come to another', async () => {
  const time = new VirtualTime();
  const backend = createMemoryBackend({ time });
  backend.addStream('events', ['conformance.>']);
  const consumer = backend.addConsumer('events', 'group', { ackWaitMs: ACK_WAIT_MS });
  const hands = (replica: typeof backend | ReturnType<typeof backend.replica>): Delivery[] => {
    const deliveries: Delivery[] = [];
    const onDelivery = (delivery: Delivery): void => void deliveries.push(delivery);
    replica.consumers.pull('events', 'group', { prefetch: 10, onDelivery, onState: () => undefined });
    return deliveries;
  };
  const mortal = backend.replica();
  const first = hands(mortal);
  await backend.publisher.publish(reading('a', 1));
  await time.advance(1);
  mortal.crash();
  for (const delivery of first) delivery.acknowledge();
  const second = hands(backend);
  await time.advance(ACK_WAIT_MS - 2);
  expect(second).toEqual([]);
  await time.advance(2);
  expect(second.map(({ deliveryCount }) => deliveryCount)).toEqual([2]);
  expect(consumer.unsettled).toBe(1);
  await expect(mortal.publisher.publish(reading('a', 2))).rejects.toMatchObject({ code: 'unavailable' });
});

const ALL: FaultChances = { duplicate: 0.3, reorder: 0.3, delay: 0.3, delayMsMax: 900, dropAcknowledgement: 0.3 };

test('W2: the same seed is the same history, another seed another', async () => {
  for (const seed of [1, 2, 3, 2_147_483_647]) {
    const history = await dayWith(ALL, { seed, messages: 40 });
    expect(await dayWith(ALL, { seed, messages: 40 })).toEqual(history);
    expect(await dayWith(ALL, { seed: seed + 1, messages: 40 })).not.toEqual(history);
  }
});

// When this fails, seeds of old failures do not repeat them any more: that may be meant, but is said by this.
test('W2: a seed that was written down is still that day', async () => {
  expect(await dayWith(ALL, { seed: 42, messages: 4, advanceMs: 30_000 })).toEqual([
    '0 0#1',
    '0 2#1',
    '0 3#1',
    '241 3#1',
    '474 0#1',
    '794 1#1',
    '10156 3#2',
  ]);
});
