// G13 by chance: two replicas with two groups each, messages that kill whoever handles them, replicas that are stopped and
// started all the time, and a broker that duplicates, delays and forgets. Exactly the killers become dead letters.
import { expect, test } from '@jest/globals';
import { DAYS_TIMEOUT_MS, everyDay } from '../../test/support/every-day.ts';
import { startConsumption } from '../consume/consumption.ts';
import { Solitude } from '../consume/solitude.ts';
import { pause } from '../time.ts';
import { Reading, reading, suiteSource, valueOf } from '../testing/reading.ts';
import { seededFaults, seededRandom } from './faults.ts';
import { createMemoryBackend } from './memory-backend.ts';
import { VirtualTime } from './virtual-time.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const GROUPS = ['one', 'other'] as const;
const MESSAGES = 120;
const RESTARTS = 20;
const DAY_MS = 120_000;
const HOUR_MS = 3_600_000;
const CHANCES = { duplicate: 0.05, reorder: 0.05, delay: 0.05, dropAcknowledgement: 0.05 };

type Replica = { readonly isDead: () => boolean; stop(withinMs: number): Promise<unknown> };

function startDay(seed: number) {
  const time = new VirtualTime();
  const random = seededRandom(seed);
  const backend = createMemoryBackend({ time, faults: seededFaults(seed, CHANCES) });
  backend.addStream('events', ['conformance.>']);
  const deadLetters = backend.addStream('dead-letter', ['dead-letter.>']);
  const consumers = GROUPS.map((group) => backend.addConsumer('events', group, { ackWaitMs: 10_000 }));
  // Each kills one of the groups.
  const killers = new Map(GROUPS.map((group) => [group, Math.trunc(random() * MESSAGES)]));
  return { time, random, backend, deadLetters, consumers, killers };
}

/** A process with a consumption of each group, which share a solitude. Killed by a message, it takes both with it. */
function startReplica({ time, random, backend, killers }: ReturnType<typeof startDay>, done: Set<string>): Replica {
  const replica = backend.replica();
  const solitude = new Solitude(time);
  const isDead = (): boolean => replica.state().state === 'down';
  const consumptions = GROUPS.map((group) =>
    startConsumption(replica, {
      stream: 'events',
      consumer: group,
      types: [Reading],
      source: suiteSource,
      log: quiet,
      time,
      random,
      solitude,
      handler: async ({ stored }) => {
        await pause(time, random() * 500);
        if (!isDead() && valueOf(stored) === killers.get(group)) {
          replica.crash();
          for (const consumption of consumptions) void consumption.stop({ withinMs: 0 });
        }
        if (isDead()) await new Promise(() => undefined);
        done.add(`${group}:${valueOf(stored)}`);
      },
    }),
  );
  return { isDead, stop: (withinMs) => Promise.all(consumptions.map((one) => one.stop({ withinMs }))) };
}

test(
  'G13, W3: exactly the messages that kill become dead letters, whoever was beside them',
  () => everyDay(oneDay),
  DAYS_TIMEOUT_MS,
);

async function oneDay(seed: number): Promise<void> {
  const day = startDay(seed);
  const { time, random, backend, deadLetters, consumers, killers } = day;
  const done = new Set<string>();
  const replicas = [startReplica(day, done), startReplica(day, done)];
  // What a supervisor does for those that died, and a deployment for the others.
  const restart = (index: number): void => {
    void replicas[index]?.stop(random() * 300);
    replicas[index] = startReplica(day, done);
  };
  const supervise = (): void => replicas.forEach((replica, index) => replica.isDead() && restart(index));
  for (let restarts = 0; restarts < RESTARTS; restarts += 1)
    time.after(random() * DAY_MS, () => restart(Math.trunc(random() * replicas.length)));
  for (let value = 0; value < MESSAGES; value += 1) {
    await backend.publisher.publish(reading(`m${value % 9}`, value, `id${value}`, time.now()));
    await time.advance((random() * 2 * DAY_MS) / MESSAGES);
    supervise();
  }
  for (
    let minutes = 0;
    minutes < 60 && (minutes * 60_000 <= DAY_MS || !consumers.every(({ isDone }) => isDone));
    minutes += 1
  ) {
    await time.advance(60_000);
    supervise();
  }
  const stopped = Promise.all(replicas.map((replica) => replica.stop(1_000)));
  await time.advance(HOUR_MS);
  await stopped;
  const letters = deadLetters.from(0).map(({ headers }) => `${headers['lw-group']}:${headers['lw-cause']}`);
  expect(letters.toSorted()).toEqual(GROUPS.map((group) => `${group}:crashed`));
  for (const group of GROUPS)
    for (let value = 0; value < MESSAGES; value += 1)
      expect([value, done.has(`${group}:${value}`)]).toEqual([value, value !== killers.get(group)]);
  expect(time.waiting).toBe(0);
}
