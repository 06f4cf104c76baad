// What outlives a crash of the broker: what it acknowledged, who was connected, and what was meant for it meanwhile.
import assert from 'node:assert/strict';
import { promiseIf, type BackendPromise } from '../backend-promise.ts';
import { reading, valueOf } from '../reading.ts';
import { STREAM } from '../stage.ts';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, value) => value);

export const restartPromises: readonly BackendPromise[] = [
  promiseIf('restart', 'P1: what was acknowledged before is there after', async (stage, { crash }) => {
    await stage.publish('a', 5);
    const before = await stage.contents();
    const restart = await crash();
    await restart();
    await stage.until('it is up', () => stage.backend.state().state === 'up');
    assert.deepEqual((await stage.contents()).map(valueOf), before.map(valueOf));
  }),

  promiseIf(
    'restart',
    'P3: what is published while it is away is stored once it is back, once and in order',
    async (stage, { crash }) => {
      await stage.publish('a', 1);
      const restart = await crash();
      await stage.until('that is noticed', () => stage.backend.state().state === 'down');
      const publishing = upTo(20).map((value) => stage.backend.publisher.publish(reading('a', value + 1)));
      await restart();
      await stage.during(Promise.all(publishing));
      assert.deepEqual((await stage.contents()).map(valueOf), upTo(21));
    },
  ),

  promiseIf('restart', 'following is told of it, and goes on without a gap or a repeat', async (stage, { crash }) => {
    const tail = stage.follow(1);
    await stage.publish('a', 3);
    await stage.until('they are given', () => tail.seen.length === 3);
    const restart = await crash();
    await stage.until('that is told', () => tail.states.at(-1)?.state === 'interrupted');
    await restart();
    await stage.publish('a', 3, 3);
    await stage.until('the others are given', () => tail.seen.length === 6);
    assert.deepEqual(tail.seen.map(valueOf), upTo(6));
  }),

  promiseIf(
    'restart',
    'U2, U4: pulling is told of it, and everything comes to be handled',
    async (stage, { crash }) => {
      await stage.addConsumer('a', { ackWaitMs: 1_000 });
      const settled = new Set<number>();
      const hands = stage.pull('a', { prefetch: 2 });
      await stage.publish('a', 6);
      await stage.until('two are in hand', () => hands.deliveries.length === 2);
      const restart = await crash();
      await stage.until('that is told', () => hands.states.at(-1)?.state === 'interrupted');
      for (const delivery of hands.deliveries) delivery.acknowledge();
      await restart();
      await stage.until('all are handled', () => {
        for (const delivery of hands.deliveries) {
          settled.add(valueOf(delivery.stored));
          delivery.acknowledge();
        }
        return settled.size === 6;
      });
      const { last } = await stage.backend.reader.bounds(STREAM);
      assert.equal(last, 6);
    },
  ),
];
