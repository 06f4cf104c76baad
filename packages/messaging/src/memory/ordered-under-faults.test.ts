// G15 by chance: three replicas of an ordered group that are stopped and killed again and again, with handlers that fail and
// messages that come twice. Whatever happens, a value of a key is begun only after all before it were.
import { expect, test } from '@jest/globals';
import { DAYS_TIMEOUT_MS, everyDay } from '../../test/support/every-day.ts';
import { startConsumption } from '../consume/consumption.ts';
import { pause } from '../time.ts';
import { Reading, reading, suiteSource, valueOf } from '../testing/reading.ts';
import { seededFaults, seededRandom } from './faults.ts';
import { createMemoryBackend } from './memory-backend.ts';
import { VirtualTime } from './virtual-time.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const METERS = 5;
const MESSAGES = 200;
const CHANGES = 25;
const DAY_MS = 120_000;
const REST_MS = 300_000;

test('G15, W3: every key goes on in order over every change of hands', () => everyDay(oneDay), DAYS_TIMEOUT_MS);

async function oneDay(seed: number): Promise<void> {
  const time = new VirtualTime();
  const random = seededRandom(seed);
  const backend = createMemoryBackend({ time, faults: seededFaults(seed, { duplicate: 0.1 }) });
  backend.addStream('events', ['conformance.>']);
  const deadLetters = backend.addStream('dead-letter', ['dead-letter.>']);
  const consumer = backend.addConsumer('events', 'group', { ackWaitMs: 2_000 });
  const next = new Map<string, number>();
  const skips: string[] = [];

  const start = () => {
    const replica = backend.replica();
    const isDead = (): boolean => replica.state().state === 'down';
    const consumption = startConsumption(replica, {
      stream: 'events',
      consumer: 'group',
      ordered: true,
      types: [Reading],
      source: suiteSource,
      log: quiet,
      time,
      random,
      crashesMax: 1_000,
      handler: async ({ key, stored }) => {
        if (isDead()) await new Promise(() => undefined);
        const [value, expected] = [valueOf(stored), next.get(key) ?? 0];
        if (value > expected) skips.push(`${key}: ${value} instead of ${expected}`);
        await pause(time, random() * 500);
        if (random() < 0.1) throw new Error('one of those days');
        if (isDead()) await new Promise(() => undefined);
        if (value === expected) next.set(key, value + 1);
      },
    });
    const end = (isCrash: boolean): Promise<void> => {
      if (isCrash) replica.crash();
      return consumption.stop({ withinMs: isCrash ? 0 : random() * 2_000 });
    };
    return { end };
  };

  const replicas = [start(), start(), start()];
  for (let changes = 0; changes < CHANGES; changes += 1) {
    time.after(random() * DAY_MS, () => {
      const index = Math.trunc(random() * replicas.length);
      void replicas[index]?.end(random() < 0.5);
      replicas[index] = start();
    });
  }
  for (let count = 0; count < MESSAGES; count += 1) {
    await backend.publisher.publish(
      reading(`m${count % METERS}`, Math.floor(count / METERS), `id${count}`, time.now()),
    );
    await time.advance((random() * 2 * DAY_MS) / MESSAGES);
  }
  await time.advance(REST_MS);
  const ended = Promise.all(replicas.map(({ end }) => end(false)));
  await time.advance(REST_MS);
  await ended;
  expect(skips).toEqual([]);
  expect([...next.values()]).toEqual(Array.from({ length: METERS }, () => MESSAGES / METERS));
  expect(consumer.isDone).toBe(true);
  expect(deadLetters.bounds().last).toBe(0);
  expect(time.waiting).toBe(0);
}
