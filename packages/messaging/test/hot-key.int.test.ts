// A key that fails again and again while more and more of its messages come: what that costs the other keys (G2, G3), and
// what readiness says of it, against a real server.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { consumptionHealth, Unavailable } from '@longwave/messaging';
import type { JetStreamBackend } from '@longwave/messaging/jetstream';
import { startBroker, type Broker } from './support/broker.ts';
import { createConsumptions, type Consumptions } from './support/consumptions.ts';
import { reading } from './support/reading.ts';
import { until } from './support/until.ts';

/** Four handlers have sixteen messages in hand. */
const CONCURRENCY = 4;
const PLACES = 16;

describe('a hot key that fails', () => {
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

  test('G2: lets every other key flow; at its bound the group pauses and readiness says so, and goes on later', async () => {
    let isHealed = false;
    const handled: string[] = [];
    const consumption = await consumptions.consume(
      'hot-key',
      async (value, { key }) => {
        if (key === 'meter/hot' && !isHealed) throw new Unavailable('what it needs is away');
        handled.push(`${key}:${value}`);
      },
      { filter: 'test.meter.*.read', concurrency: CONCURRENCY },
    );
    const publish = async (meter: string, values: readonly number[]): Promise<void> => {
      for (const value of values) await backend.publisher.publish(reading(meter, value));
    };
    const health = (): string => JSON.stringify(consumptionHealth(backend, [consumption]));
    const upTo = (count: number, from = 0): number[] => Array.from({ length: count }, (_, index) => from + index);

    await publish('hot', upTo(PLACES - 1));
    for (const meter of ['a', 'b', 'c']) await publish(meter, upTo(20));
    await until('every other key has flowed', () => handled.length === 60);
    await until('the key that waits is told of', () => health().includes('1 keys wait for a failing message'));
    expect(health()).not.toContain('no place is left');

    await publish('hot', upTo(5, PLACES - 1));
    await until('that the group pauses is told', () => health().includes('no place is left for others'));
    await publish('d', upTo(3));
    const { num_ack_pending: inHand } = await broker.manager.consumers.info('events', 'hot-key');
    expect(inHand).toBe(PLACES);
    expect(handled).toHaveLength(60);

    isHealed = true;
    await until('everything has flowed', () => handled.length === 60 + PLACES + 4 + 3);
    const hot = handled.filter((entry) => entry.startsWith('meter/hot'));
    expect(hot).toEqual(upTo(PLACES + 4).map((value) => `meter/hot:${value}`));
    await until('readiness is well again', () => health() === '{"state":"up"}');
  });
});
