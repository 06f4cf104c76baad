// What consuming promises where hours pass or a delivery comes twice: on a virtual clock, with deliveries made by hand.
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { StoredMessage } from '../contract/decode.ts';
import type { OutgoingMessage } from '../contract/encode.ts';
import { event } from '../contract/message-type.ts';
import { VirtualTime } from '../memory/virtual-time.ts';
import type { Backend, Delivery, DurableConsumers } from '../ports.ts';
import { startConsumption } from './consumption.ts';
import type { Consumption } from './consumption-options.ts';

const Sample = event('Sample', {
  version: 1,
  subject: 'test.{id}',
  address: ({ id }) => ({ id }),
  key: ({ id }) => id,
  schema: z.object({ id: z.string() }),
  example: { id: 'a' },
});
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const MINUTE_MS = 60_000;

const stored = (sequence: number, version = 1): StoredMessage => ({
  stream: 'events',
  epoch: 1,
  sequence,
  storedAt: new Date(0),
  subject: `test.${sequence}`,
  headers: {},
  payload: new TextEncoder().encode(
    JSON.stringify({ version, createdAt: '2026-01-01T00:00:00Z', data: { id: String(sequence) } }),
  ),
});

const fail = (): never => {
  throw new Error('nobody may look');
};

/** Its wall clock can be set to another hour; what is waited for comes when it would have come. */
class JumpingTime extends VirtualTime {
  jumpedMs = 0;

  override now(): Date {
    return new Date(super.now().getTime() + this.jumpedMs);
  }
}

/** A consumption of what the test itself delivers, and what is said of each delivery. */
function consume(
  handler: () => Promise<void>,
  time = new VirtualTime(),
): {
  readonly time: VirtualTime;
  readonly consumption: Consumption;
  readonly deliver: (message: StoredMessage) => string[];
  readonly published: OutgoingMessage[];
} {
  const published: OutgoingMessage[] = [];
  let onDelivery: ((delivery: Delivery) => void) | null = null;
  const pull: DurableConsumers['pull'] = (_stream, _consumer, options) => {
    onDelivery = options.onDelivery;
    options.onState({ state: 'pulling', ackWaitMs: 30_000 });
    return { stop: async () => undefined };
  };
  const publish = async (
    message: OutgoingMessage,
  ): Promise<{ stream: string; sequence: number; duplicate: boolean }> => {
    published.push(message);
    return { stream: 'dead-letter', sequence: published.length, duplicate: false };
  };
  // Nothing else of a back-end is asked for here.
  const backend = { publisher: { publish }, consumers: { pull }, flush: async () => undefined } as unknown as Backend;
  const consumption = startConsumption(backend, {
    stream: 'events',
    consumer: 'group',
    types: [Sample],
    handler,
    source: { instance: 'test', replica: 'test-1' },
    log,
    time,
    random: () => 0.5,
  });
  const deliver = (message: StoredMessage): string[] => {
    const said: string[] = [];
    onDelivery?.({
      stored: message,
      deliveryCount: 1,
      acknowledge: () => said.push('acknowledged'),
      giveBack: (delayMs) => said.push(`given back for ${delayMs}`),
      terminate: (reason) => said.push(`terminated: ${reason}`),
      renew: () => said.push('renewed'),
    });
    return said;
  };
  return { time, consumption, deliver, published };
}

describe('a consumption', () => {
  test('G9: settles a message that comes again while it is in hand with it, and handles it once', async () => {
    const gate = Promise.withResolvers<void>();
    let handled = 0;
    const { time, consumption, deliver } = consume(async () => {
      handled += 1;
      await gate.promise;
    });
    const first = deliver(stored(1));
    const again = deliver(stored(1));
    await time.advance(15_000);
    gate.resolve();
    await time.advance(0);
    expect([first, again]).toEqual([['acknowledged'], ['renewed', 'acknowledged']]);
    expect(handled).toBe(1);
    await consumption.stop({ withinMs: 0 });
    expect(time.waiting).toBe(0);
  });

  test('G5: a newer version waits an hour for a deployment, is not handled, and is then a dead letter', async () => {
    let handled = 0;
    const { time, consumption, deliver, published } = consume(async () => void (handled += 1));
    const said = deliver(stored(1, 2));
    await time.advance(59 * MINUTE_MS);
    expect(published).toEqual([]);
    await time.advance(2 * MINUTE_MS);
    expect(published.map(({ headers }) => headers['lw-cause'])).toEqual(['newer-version']);
    expect(said.at(-1)).toBe('terminated: newer-version');
    expect(new Set(said)).toEqual(new Set(['renewed', 'terminated: newer-version']));
    expect(handled).toBe(0);
    await consumption.stop({ withinMs: 0 });
  });

  test.each([
    ['back', -120 * MINUTE_MS],
    ['forward', 120 * MINUTE_MS],
  ])('G5: the hour of a newer version is an hour when the wall clock jumps %s', async (_where, jumpMs) => {
    const time = new JumpingTime();
    const { consumption, deliver, published } = consume(async () => undefined, time);
    deliver(stored(1, 2));
    await time.advance(30 * MINUTE_MS);
    time.jumpedMs = jumpMs;
    await time.advance(29 * MINUTE_MS);
    expect(published).toEqual([]);
    await time.advance(2 * MINUTE_MS);
    expect(published.map(({ headers }) => headers['lw-cause'])).toEqual(['newer-version']);
    await consumption.stop({ withinMs: 0 });
  });

  test.each([
    ['an object without a text', () => Object.create(null)],
    ['an error whose message throws', () => Object.defineProperty(new Error('x'), 'message', { get: fail })],
    ['an error whose stack is no text', () => Object.assign(new Error('x'), { stack: 42 })],
    ['a proxy that refuses everything', () => new Proxy({}, { get: fail, getPrototypeOf: fail })],
  ])(
    'G11: whatever a handler throws, %s, too, its message has its attempts and is a dead letter',
    async (_, thrown) => {
      let tries = 0;
      const { time, consumption, deliver, published } = consume(() => {
        tries += 1;
        return Promise.reject(thrown());
      });
      const said = deliver(stored(1));
      await time.advance(60 * MINUTE_MS);
      expect([tries, said.at(-1)]).toEqual([12, 'terminated: attempts-exhausted']);
      expect(published.map(({ headers }) => headers['lw-error'])).toEqual([expect.stringMatching(/\w/)]);
      await consumption.stop({ withinMs: 0 });
    },
  );

  test('G11: a handler that hangs shows in the state, and is renewed until it is left behind', async () => {
    const { time, consumption, deliver } = consume(() => new Promise(() => undefined));
    const said = deliver(stored(1));
    await time.advance(5 * MINUTE_MS);
    expect(consumption.state()).toEqual({ state: 'up' });
    await time.advance(MINUTE_MS);
    expect(consumption.state()).toMatchObject({ state: 'degraded', reason: expect.stringContaining('1 handlers run') });
    expect(said).toHaveLength(36);
    const stopped = consumption.stop({ withinMs: 1_000 });
    await time.advance(1_000);
    await stopped;
    await time.advance(10 * MINUTE_MS);
    expect(said).toHaveLength(36);
    expect(time.waiting).toBe(0);
  });

  test('G7: what waits for a retry when it is stopped is given back at once and not tried again', async () => {
    let tries = 0;
    const { time, consumption, deliver } = consume(() => {
      tries += 1;
      return Promise.reject(new Error('always'));
    });
    const said = deliver(stored(1));
    await time.advance(1);
    await consumption.stop({ withinMs: 1_000 });
    expect(said).toEqual(['given back for 0']);
    expect(tries).toBe(1);
    expect(time.waiting).toBe(0);
  });
});
