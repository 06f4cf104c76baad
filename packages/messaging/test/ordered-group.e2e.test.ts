// R3 and G15 with real processes: of two replicas of an ordered group one is at work, and over every kind of change of hands
// (kill -9, a process that is frozen and thawed, a clean stop) every key goes on in order, within five seconds.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startBroker, type Broker } from './support/broker.ts';
import { createConsumptions, type Consumptions } from './support/consumptions.ts';
import { reading } from './support/reading.ts';
import { startReplica, type ReplicaProcess } from './support/replica-process.ts';
import { until } from './support/until.ts';

const METERS = 10;
const PUBLISH_EVERY_MS = 10;
const TAKE_OVER_MS_MAX = 5_000;
/** Between two processes that are scheduled on a busy machine. */
const HAND_OVER_MS_MAX = 1_500;

type Begin = { readonly key: string; readonly value: number; readonly atMs: number };

function beginsOf(replica: ReplicaProcess): Begin[] {
  return replica.lines
    .map((line) => line.split(' '))
    .filter(([kind]) => kind === 'begin')
    .map(([, key = '', value, atMs]) => ({ key, value: Number(value), atMs: Number(atMs) }));
}

const stateOf = (replica: ReplicaProcess): string | undefined =>
  replica.lines.findLast((line) => line.startsWith('state '))?.slice('state '.length);

/** A value is begun once all before it were: what was begun twice is known to an inbox, what was skipped is not. */
function expectOrder(replicas: readonly ReplicaProcess[]): void {
  const next = new Map<string, number>();
  for (const { key, value } of replicas.flatMap(beginsOf).toSorted((a, b) => a.atMs - b.atMs)) {
    const expected = next.get(key) ?? 0;
    expect(`${key} ${value <= expected ? 'in order' : `skips from ${expected} to ${value}`}`).toBe(`${key} in order`);
    if (value === expected) next.set(key, value + 1);
  }
}

describe('an ordered group of two replicas', () => {
  let broker: Broker;
  let consumptions: Consumptions;
  const all: ReplicaProcess[] = [];
  const endings: Array<() => Promise<unknown>> = [];
  beforeAll(async () => {
    broker = await startBroker();
    consumptions = createConsumptions(broker, broker.backend());
    await broker.addConsumer('ordered', { ackWaitMs: 2_000 });
  });
  afterAll(async () => {
    for (const end of endings) await end();
    await Promise.all(all.map((replica) => replica.send('SIGKILL')));
    await broker.close();
  });

  const start = (): ReplicaProcess => {
    const { host, port } = broker.server();
    const replica = startReplica('ordered-replica.ts', [host, String(port), 'ordered']);
    all.push(replica);
    return replica;
  };

  /** Milliseconds until `successor` has begun something that was not begun before. */
  async function takeOver(successor: ReplicaProcess, damage: () => Promise<void>): Promise<number> {
    const before = beginsOf(successor).length;
    const startedAt = performance.now();
    await damage();
    await until('another one has taken over', () => beginsOf(successor).length > before);
    return performance.now() - startedAt;
  }

  /** Readings of all meters, one after the other, until it is told to stop. */
  function publishOn(): { readonly stop: () => Promise<unknown> } {
    const { publisher } = broker.backend();
    const published: Promise<unknown>[] = [];
    const timer = setInterval(() => {
      const count = published.length;
      published.push(publisher.publish(reading(`m${count % METERS}`, Math.floor(count / METERS))));
    }, PUBLISH_EVERY_MS);
    return {
      stop: () => {
        clearInterval(timer);
        return Promise.all(published);
      },
    };
  }

  test('G15: stays in order over kill -9, SIGSTOP and SIGCONT, and a clean stop; another one takes over in time', async () => {
    const publishing = publishOn();
    endings.push(publishing.stop);
    const first = start();
    await until('the first one is active', () => stateOf(first) === 'up');
    const second = start();
    await until('the second one stands by', () => stateOf(second) === 'standby');
    await until('the first one is at work', () => beginsOf(first).length > 20);
    expect(beginsOf(second)).toEqual([]);

    expect(await takeOver(second, () => first.send('SIGKILL'))).toBeLessThan(TAKE_OVER_MS_MAX);

    const third = start();
    await until('the third one stands by', () => stateOf(third) === 'standby');
    expect(await takeOver(third, () => second.send('SIGSTOP'))).toBeLessThan(TAKE_OVER_MS_MAX);
    const begunBeforeItThaws = beginsOf(second).length;
    await second.send('SIGCONT');
    await until('the thawed one knows that it has lost the group', () => stateOf(second) === 'standby');
    const worked = beginsOf(third).length;
    await until('the third one goes on', () => beginsOf(third).length > worked + 50);
    expect(beginsOf(second)).toHaveLength(begunBeforeItThaws);

    expect(await takeOver(second, () => third.send('SIGTERM'))).toBeLessThan(HAND_OVER_MS_MAX);

    await publishing.stop();
    await until('all is settled', consumptions.settled('ordered'));
    expectOrder(all);
    expect(await consumptions.deadLetters('ordered')).toEqual([]);
  });
});
