// Operators who redrive while everything goes wrong: two replicas that reject, crash and come back, a broker that loses
// answers and delivers twice, three operators who die at any step and look again hours later. The inbox is what a
// database would keep (I1).
import { expect, test } from '@jest/globals';
import { DAYS_TIMEOUT_MS, everyDay } from '../../test/support/every-day.ts';
import { startConsumption } from '../consume/consumption.ts';
import { isDiscardNote } from '../dead-letters/discard-note.ts';
import { listDeadLetters } from '../dead-letters/list-dead-letters.ts';
import {
  DEAD_LETTER_STREAM,
  parseRedriveSubject,
  redriveConsumer,
  redriveFilter,
} from '../dead-letters/redrive-names.ts';
import { discard, redrive } from '../dead-letters/redrive.ts';
import { PublishError, Reject } from '../errors.ts';
import type { StreamEditor } from '../ports.ts';
import { pause } from '../time.ts';
import { Reading, reading, suiteSource } from '../testing/reading.ts';
import { seededFaults, seededRandom } from './faults.ts';
import { createMemoryBackend, type MemoryReplica } from './memory-backend.ts';
import { VirtualTime } from './virtual-time.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const never = new AbortController().signal;
const REPLICAS = 2;
const OPERATORS = 3;
const CRASHES = 4;
const MESSAGES = 24;
const DAY_MS = 900_000;
/** Longer than the stream remembers ids. */
const LOOK_EVERY_MS = 150_000;
const CHANCES = { duplicate: 0.1, reorder: 0.1, delay: 0.1, dropAcknowledgement: 0.1, dropPublishAnswer: 0.1 };

function startDay(seed: number) {
  const time = new VirtualTime();
  const random = seededRandom(seed);
  const backend = createMemoryBackend({ time, faults: seededFaults(seed, CHANCES) });
  backend.addStream('events', ['conformance.>']);
  const deadLetters = backend.addStream(DEAD_LETTER_STREAM, ['dead-letter.>']);
  const config = { filters: [redriveFilter('events', 'group')], ackWaitMs: 10_000 };
  const consumers = [
    backend.addConsumer('events', 'group', { ackWaitMs: 10_000 }),
    backend.addConsumer(DEAD_LETTER_STREAM, redriveConsumer('events', 'group'), config),
  ];
  return { time, random, backend, deadLetters, consumers, applied: new Map<string, number>(), isMended: false };
}

type Day = ReturnType<typeof startDay>;

/** A replica that rejects every other message until the day it is mended. Returns how to crash it, and how to stop it. */
function startReplica(day: Day) {
  const replica = day.backend.replica();
  const consumption = startConsumption(replica, {
    stream: 'events',
    consumer: 'group',
    types: [Reading],
    handler: async ({ id, stored }) => {
      await pause(day.time, day.random() * 1_000);
      if (isDead(replica)) return;
      if (!day.isMended && stored.sequence % 2 === 0) throw new Reject('not today');
      // (I1) What a transaction would record, with its effect.
      if (!day.applied.has(id)) day.applied.set(id, stored.sequence);
    },
    source: suiteSource,
    log: quiet,
    time: day.time,
    random: day.random,
    redrives: true,
  });
  return {
    replica,
    stop: () => consumption.stop({ withinMs: 1_000 }),
    crash: () => {
      replica.crash();
      void consumption.stop({ withinMs: 0 });
    },
  };
}

const isDead = (replica: MemoryReplica): boolean => replica.state().state === 'down';

/** Dies before or after anything that it does, one time in five each. */
function mortal({ random }: Day, editor: StreamEditor): StreamEditor {
  const dying = async <T>(work: () => Promise<T>): Promise<T> => {
    if (random() < 0.2) throw new Error('killed before');
    const done = await work();
    if (random() < 0.2) throw new Error('killed after');
    return done;
  };
  return {
    publishFirst: (message) => dying(() => editor.publishFirst(message)),
    remove: (stream, sequence) => dying(() => editor.remove(stream, sequence)),
    progress: (stream, consumer) => editor.progress(stream, consumer),
  };
}

/** Redrives all that there is, now and then; each death is another operator's turn. */
async function operate(day: Day): Promise<void> {
  const { backend, time, random } = day;
  const broker = { reader: backend.reader, editor: mortal(day, backend.editor) };
  for (let passedMs = 0; passedMs < DAY_MS; passedMs += LOOK_EVERY_MS) {
    await pause(time, random() * 5_000);
    const { letters, leftovers } = await listDeadLetters(backend.reader, {}, never);
    for (const letter of [...letters, ...leftovers]) {
      await pause(time, random() * 100);
      const act = random() < 0.1 ? discard : redrive;
      await act(broker, letter, { by: 'user:ada', at: time.now() }).catch(expectDeath);
    }
    await pause(time, LOOK_EVERY_MS);
  }
}

function expectDeath(error: unknown): void {
  if (error instanceof PublishError && error.code === 'unknown') return; // the answer was lost
  expect(error).toMatchObject({ message: expect.stringMatching(/^killed/) });
}

/** Once everything is mended: what is left over is redriven by one who lives. */
async function finish({ backend, time }: Day): Promise<void> {
  for (;;) {
    const { letters, leftovers } = await listDeadLetters(backend.reader, {}, never);
    const all = [...letters, ...leftovers];
    if (all.length === 0) return;
    for (const letter of all) await redrive(backend, letter, { by: 'user:ada', at: time.now() }).catch(expectDeath);
    await pause(time, 60_000);
  }
}

async function liveThrough(day: Day): Promise<void> {
  const { backend, time, random } = day;
  const replicas = Array.from({ length: REPLICAS }, () => startReplica(day));
  for (let crashes = 0; crashes < CRASHES; crashes += 1) {
    time.after(random() * DAY_MS, () => {
      replicas.find(({ replica }) => !isDead(replica))?.crash();
      replicas.push(startReplica(day));
    });
  }
  time.after(DAY_MS / 2, () => void (day.isMended = true));
  const operating = Promise.all(Array.from({ length: OPERATORS }, () => operate(day)));
  for (let value = 0; value < MESSAGES; value += 1) {
    await backend.publisher.publish(reading(`m${value % 5}`, value)).catch(expectDeath);
  }
  await time.advance(DAY_MS * 2);
  await operating;
  const finished = finish(day);
  await time.advance(DAY_MS);
  await finished;
  const stopped = Promise.all(replicas.map((replica) => replica.stop()));
  await time.advance(60_000);
  await stopped;
}

test(
  'Y4–Y6: whoever dies when, each letter is redriven or discarded once, and what was not discarded is applied once',
  () =>
    everyDay(async (seed) => {
      const day = startDay(seed);
      await liveThrough(day);
      const held = day.deadLetters.from(0);
      const decisions = held.flatMap((one) => {
        const place = parseRedriveSubject(one.subject);
        return place === null ? [] : [{ ...place, isDiscarded: isDiscardNote(one) }];
      });
      expect(decisions.length).toBe(held.length);
      expect(decisions.length).toBeGreaterThan(MESSAGES / 2 - 1);
      const places = decisions.map(({ sequence, redrive: count }) => `${sequence}:${count}`);
      expect(new Set(places).size).toBe(places.length);
      const discarded = new Set(decisions.flatMap(({ isDiscarded, sequence }) => (isDiscarded ? [sequence] : [])));
      const all = Array.from({ length: MESSAGES }, (_, index) => index + 1);
      // One that is discarded may still come again to its group, if that had let go of it in vain.
      const applied = new Set(day.applied.values());
      expect(all.filter((one) => !applied.has(one) && !discarded.has(one))).toEqual([]);
      for (const consumer of day.consumers) expect(consumer.isDone).toBe(true);
    }),
  DAYS_TIMEOUT_MS,
);
