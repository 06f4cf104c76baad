// What an ordered group promises: one replica at work, the others ready, and order per key over every change of hands.
import assert from 'node:assert/strict';
import type { ExclusiveBackend } from '../../consume/pull-group.ts';
import type { Consumption } from '../../consume/consumption-options.ts';
import { promiseIf } from '../backend-promise.ts';
import type { Stage } from '../stage.ts';

/** What an ordered group is given, so that another replica takes over within five seconds. */
const ACK_WAIT_MS = 2_000;
const TAKE_OVER_MS_MAX = 5_000;
const HAND_OVER_MS_MAX = 1_000;

const upTo = (count: number): number[] => Array.from({ length: count }, (_, value) => value);

type Replica = { readonly begun: number[]; readonly consumption: Consumption; readonly backend: ExclusiveBackend };

const atOnce = (): Promise<void> => Promise.resolve();
const never = (): Promise<void> => new Promise(() => undefined);

function startReplica(stage: Stage, from: ExclusiveBackend, work = atOnce): Replica {
  const begun: number[] = [];
  const handler = async (value: number): Promise<void> => {
    begun.push(value);
    await work();
  };
  return { begun, consumption: stage.consumeInOrder('ordered', handler, from), backend: from };
}

async function startTwo(stage: Stage, connect: () => Promise<ExclusiveBackend>): Promise<[Replica, Replica]> {
  await stage.addConsumer('ordered', { ackWaitMs: ACK_WAIT_MS });
  const active = startReplica(stage, await connect());
  await stage.until('one is active', () => active.consumption.state().state === 'up');
  return [active, startReplica(stage, await connect())];
}

/** How many ms of the broker's clock pass until `other` has begun something. */
async function takeOver(stage: Stage, other: Replica): Promise<number> {
  const startedAt = stage.broker.time.now().getTime();
  await stage.until('the other is at work', () => other.begun.length > 0);
  return stage.broker.time.now().getTime() - startedAt;
}

export const orderedPromises = [
  promiseIf(
    'exclusive',
    'G15: one replica is given everything; the other stands by and says so',
    async (stage, ability) => {
      const [active, other] = await startTwo(stage, ability.connect);
      await stage.publish('ordered', 20);
      await stage.until('all are handled', () => active.begun.length === 20);
      assert.deepEqual(active.begun, upTo(20));
      assert.deepEqual(other.begun, []);
      assert.equal(other.consumption.state().state, 'standby');
    },
  ),

  promiseIf('exclusive', 'G15: one that stops hands the group over at once, and in order', async (stage, ability) => {
    const [active, other] = await startTwo(stage, ability.connect);
    await stage.publish('ordered', 10);
    await stage.until('some are handled', () => active.begun.length > 5);
    await stage.during(active.consumption.stop({ withinMs: 1_000 }));
    const took = takeOver(stage, other);
    await stage.publish('ordered', 10, 10);
    const tookMs = await took;
    assert.ok(tookMs < HAND_OVER_MS_MAX, `it took ${tookMs} ms`);
    await stage.until('all are handled', () => active.begun.length + other.begun.length === 20);
    assert.deepEqual([...active.begun, ...other.begun], upTo(20));
  }),

  promiseIf(
    'exclusive',
    'G15: when it dies another has the group within five seconds; what it had in hand comes before what follows',
    async (stage, ability) => {
      await stage.addConsumer('ordered', { ackWaitMs: ACK_WAIT_MS });
      const active = startReplica(stage, await ability.connect(), never);
      await stage.publish('ordered', 5);
      await stage.until('one is at work', () => active.begun.length === 1);
      const other = startReplica(stage, await ability.connect());
      await stage.during(active.backend.close());
      const took = takeOver(stage, other);
      await stage.publish('ordered', 5, 5);
      const tookMs = await took;
      assert.ok(tookMs < TAKE_OVER_MS_MAX, `it took ${tookMs} ms`);
      await stage.until('all are handled', () => other.begun.length === 10);
      assert.deepEqual(other.begun, upTo(10));
      assert.deepEqual(active.begun, [0]);
    },
  ),
];
