// What following a stream promises: from a position on, live, in order, whatever happens to the stream meanwhile.
import assert from 'node:assert/strict';
import { promise, promiseIf } from '../backend-promise.ts';
import { valueOf } from '../reading.ts';
import { STREAM, type Tail } from '../stage.ts';

const positionsOf = ({ seen }: Tail): number[] => seen.map(({ sequence }) => sequence);

const countingFrom = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index);

export const followingPromises = [
  promise('everything from a position on is given in order: what is there, then what comes', async (stage) => {
    await stage.publish('a', 5);
    const tail = stage.follow(3);
    const publishing = stage.publish('a', 20, 5);
    await publishing;
    await stage.until('all are given', () => tail.seen.length === 23);
    assert.deepEqual(positionsOf(tail), countingFrom(3, 23));
    assert.deepEqual(tail.seen.map(valueOf), countingFrom(2, 23));
  }),

  promise('that it is live is told before the first message, with what the stream holds', async (stage) => {
    await stage.publish('a', 2);
    const order: string[] = [];
    const tail = stage.follow(1, () => order.push(`after ${tail.states.length} states`));
    await stage.until('both are given', () => tail.seen.length === 2);
    assert.deepEqual(order, ['after 1 states', 'after 1 states']);
    assert.deepEqual(tail.states, [{ state: 'live', bounds: await stage.backend.reader.bounds(STREAM) }]);
  }),

  promise('from before the first message is from the first; from beyond the end is from the next', async (stage) => {
    await stage.publish('a', 2);
    const [early, late] = [stage.follow(0), stage.follow(1_000)];
    await stage.until('both are live', () => early.states.length === 1 && late.states.length === 1);
    await stage.publish('a', 1, 2);
    await stage.until('both have it', () => early.seen.length === 3 && late.seen.length === 1);
    assert.deepEqual(positionsOf(early), [1, 2, 3]);
    assert.deepEqual(positionsOf(late), [3]);
  }),

  promise('each of several followers has everything', async (stage) => {
    const tails = [stage.follow(1), stage.follow(1), stage.follow(1)];
    await stage.publish('a', 10);
    await stage.until('all have all', () => tails.every(({ seen }) => seen.length === 10));
    for (const tail of tails) assert.deepEqual(positionsOf(tail), countingFrom(1, 10));
  }),

  promise('after a stop nothing more is given, and another goes on without a gap or a repeat', async (stage) => {
    const first = stage.follow(1);
    await stage.publish('a', 3);
    await stage.until('they are given', () => first.seen.length === 3);
    await first.stop();
    await stage.publish('a', 3, 3);
    const second = stage.follow((first.seen.at(-1)?.sequence ?? 0) + 1);
    await stage.until('the rest is given', () => second.seen.length === 3);
    assert.deepEqual([...positionsOf(first), ...positionsOf(second)], countingFrom(1, 6));
  }),

  promise('a message has been given once its listener was called, also when that throws', async (stage) => {
    const tail = stage.follow(1, () => {
      throw new Error('a listener of the suite');
    });
    await stage.publish('a', 3);
    await stage.until('all are given', () => tail.seen.length === 3);
    assert.deepEqual(positionsOf(tail), [1, 2, 3]);
    assert.deepEqual(
      tail.states.map(({ state }) => state),
      ['live'],
    );
  }),

  promise('a stream that is not there yet is waited for', async (stage) => {
    const tail = stage.follow(1, () => undefined, 'conformance-later');
    await stage.until('that it is missing is told', () => tail.states.at(-1)?.state === 'interrupted');
    await stage.broker.addStream('conformance-later', ['conformance-later.>']);
    await stage.until('it is live', () => tail.states.at(-1)?.state === 'live');
    await stage.publishRaw('conformance-later.a', '1');
    await stage.until('it is given', () => tail.seen.length === 1);
  }),

  promiseIf('removal', 'what the stream does not hold any more is skipped', async (stage, { remove }) => {
    await stage.publish('a', 4);
    await remove(STREAM, 2);
    const tail = stage.follow(1);
    await stage.until('the others are given', () => tail.seen.length === 3);
    assert.deepEqual(positionsOf(tail), [1, 3, 4]);
  }),

  promiseIf(
    'recreation',
    'a recreated stream is followed from its start, and its new epoch is told',
    async (stage, { removeStream }) => {
      const tail = stage.follow(1);
      await stage.publish('a', 3);
      await stage.until('they are given', () => tail.seen.length === 3);
      const { epoch } = await stage.backend.reader.bounds(STREAM);
      await removeStream(STREAM);
      await stage.broker.addStream(STREAM, ['conformance.>']);
      await stage.publish('a', 2, 3);
      await stage.until('the new ones are given', () => tail.seen.length === 5);
      assert.deepEqual(positionsOf(tail), [1, 2, 3, 1, 2]);
      const live = tail.states.findLast(({ state }) => state === 'live');
      assert.ok(live?.state === 'live' && live.bounds.epoch > epoch);
      assert.equal(tail.seen.at(-1)?.epoch, live.bounds.epoch);
    },
  ),
];
