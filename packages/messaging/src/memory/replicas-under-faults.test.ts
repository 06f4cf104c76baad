// Two replicas of one consumer on the worst of days: every fault there is, handlers that fail, and processes that die with
// messages in hand, before or after their effect. What is kept is what an inbox keeps in a database (I1, I2).
import { expect, test } from '@jest/globals';
import { DAYS_TIMEOUT_MS, everyDay } from '../../test/support/every-day.ts';
import { startBatchConsumption } from '../consume/batch-consumption.ts';
import { startConsumption } from '../consume/consumption.ts';
import type { Message } from '../contract/decode.ts';
import { pause } from '../time.ts';
import { Reading, reading, suiteSource, valueOf } from '../testing/reading.ts';
import { seededFaults, seededRandom } from './faults.ts';
import { createMemoryBackend, type MemoryReplica } from './memory-backend.ts';
import { VirtualTime } from './virtual-time.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const REPLICAS = 2;
const CRASHES = 6;
const MESSAGES = 150;
const METERS = 7;
const HANDLING_MS_MAX = 2_000;
const DAY_MS = 60_000;
const HOUR_MS = 3_600_000;
const CHANCES = { duplicate: 0.1, reorder: 0.1, delay: 0.1, dropAcknowledgement: 0.1, dropPublishAnswer: 0.1 };

/** A replica at work. `isDead`: its process has ended; whatever it was about to do does not happen. */
type Worker = { readonly isDead: () => boolean; crash(): void; stop(): Promise<void> };

function startDay(seed: number) {
  const time = new VirtualTime();
  const random = seededRandom(seed);
  const backend = createMemoryBackend({ time, faults: seededFaults(seed, CHANCES) });
  backend.addStream('events', ['conformance.>']);
  const deadLetters = backend.addStream('dead-letter', ['dead-letter.>']);
  const consumer = backend.addConsumer('events', 'group', { ackWaitMs: 10_000 });
  return { time, random, backend, deadLetters, consumer };
}

type Day = ReturnType<typeof startDay>;

/** Keeps `REPLICAS` workers at work; now and then one of them dies, and another takes its place. */
function employ({ time, random }: Day, start: () => Worker): Worker[] {
  const workers = Array.from({ length: REPLICAS }, start);
  for (let crashes = 0; crashes < CRASHES; crashes += 1) {
    time.after(random() * DAY_MS, () => {
      const alive = workers.filter((worker) => !worker.isDead());
      alive[Math.trunc(random() * alive.length)]?.crash();
      workers.push(start());
    });
  }
  return workers;
}

function workerOf(replica: MemoryReplica, consumption: { stop(how: { withinMs: number }): Promise<void> }): Worker {
  const isDead = (): boolean => replica.state().state === 'down';
  return {
    isDead,
    crash: () => {
      replica.crash();
      void consumption.stop({ withinMs: 0 });
    },
    stop: () => consumption.stop({ withinMs: 1_000 }),
  };
}

/** Publishes as an outbox does: again, under the same id, for as long as the outcome is unknown. */
async function publishAll({ backend, time, random }: Day): Promise<void> {
  for (let index = 0; index < MESSAGES; index += 1) {
    const message = reading(`m${index % METERS}`, Math.floor(index / METERS), `id${index}`, time.now());
    for (let isStored = false; !isStored;) {
      isStored = await backend.publisher.publish(message).then(
        () => true,
        () => false,
      );
    }
    await time.advance((random() * 2 * DAY_MS) / MESSAGES);
  }
}

async function endDay({ time }: Day, workers: readonly Worker[]): Promise<void> {
  await time.advance(HOUR_MS);
  const stopped = Promise.all(workers.map((worker) => worker.stop()));
  await time.advance(HOUR_MS);
  await stopped;
}

test(
  'I1, I2, W3: two replicas that die lose nothing and take no key back',
  () => everyDay(oneDayOfReplicas),
  DAYS_TIMEOUT_MS,
);

test(
  'H1, H3, W3: two recorders that die have recorded everything between them',
  () => everyDay(oneDayOfRecorders),
  DAYS_TIMEOUT_MS,
);

async function oneDayOfReplicas(seed: number): Promise<void> {
  const day = startDay(seed);
  const arrived = new Set<string>();
  const applied = new Map<string, { sequence: number; values: number[] }>();
  const apply = ({ id, key, stored }: Message): void => {
    const before = applied.get(key) ?? { sequence: 0, values: [] };
    if (arrived.has(id)) return;
    arrived.add(id);
    if (stored.sequence < before.sequence) return; // stale: a later one of its key was applied
    applied.set(key, { sequence: stored.sequence, values: [...before.values, valueOf(stored)] });
  };
  const workers = employ(day, () => {
    const { time, random, backend } = day;
    const replica = backend.replica();
    const handler = async (message: Message): Promise<void> => {
      await pause(time, random() * HANDLING_MS_MAX);
      if (random() < 0.1) throw new Error('one of those days');
      if (worker.isDead()) await new Promise(() => undefined);
      apply(message);
    };
    const options = { stream: 'events', consumer: 'group', types: [Reading], source: suiteSource, log: quiet };
    const worker = workerOf(replica, startConsumption(replica, { ...options, time, random, handler }));
    return worker;
  });
  await publishAll(day);
  await endDay(day, workers);
  expect(arrived.size).toBe(MESSAGES);
  for (const [key, { values }] of applied) {
    const meter = Number(key.slice('meter/m'.length));
    expect(values).toEqual([...new Set(values)].toSorted((a, b) => a - b));
    expect(values.at(-1)).toBe(Math.floor((MESSAGES - 1 - meter) / METERS));
  }
  expect(day.consumer.isDone).toBe(true);
  expect(day.deadLetters.bounds().last).toBe(0);
  expect(day.time.waiting).toBe(0);
}

async function oneDayOfRecorders(seed: number): Promise<void> {
  const day = startDay(seed);
  const recorded = new Set<number>();
  const workers = employ(day, () => {
    const { time, random, backend } = day;
    const replica = backend.replica();
    const consumption = startBatchConsumption(replica, {
      stream: 'events',
      consumer: 'group',
      log: quiet,
      time,
      random,
      batchMax: 5,
      handler: async (messages) => {
        await pause(time, random() * HANDLING_MS_MAX);
        if (random() < 0.2) throw new Error('one of those days');
        if (worker.isDead()) await new Promise(() => undefined);
        for (const { sequence } of messages) recorded.add(sequence);
      },
    });
    const worker = workerOf(replica, consumption);
    return worker;
  });
  await publishAll(day);
  await endDay(day, workers);
  expect(recorded.size).toBe(MESSAGES);
  expect(day.consumer.isDone).toBe(true);
  expect(day.time.waiting).toBe(0);
}
