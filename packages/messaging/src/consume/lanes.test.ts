// Lanes, by chance and by hand: order per key, a bound on what runs, and a pause that holds up nobody else.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Lanes, type RunEnd } from './lanes.ts';

type Work = { readonly key: string; readonly number: number };
/** Works that the test itself lets end. */
type Started = Work & { readonly end: (how: RunEnd) => void };

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function lanesOf(concurrency: number): { lanes: Lanes<Work>; started: Started[] } {
  const started: Started[] = [];
  const lanes = new Lanes<Work>(concurrency, (work) => {
    const { promise, resolve } = Promise.withResolvers<RunEnd>();
    started.push({ ...work, end: resolve });
    return promise;
  });
  return { lanes, started };
}

describe('lanes', () => {
  test('G2: whatever ends when and how often it is tried again, keys keep their order and the bound holds', async () => {
    const works = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 40 });
    const fates = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(works, fates, fc.integer({ min: 1, max: 5 }), async (keys, again, concurrency) => {
        const done: Work[] = [];
        const runningKeys = new Set<string>();
        let runs = 0;
        const lanes = new Lanes<Work>(concurrency, async (work) => {
          expect(runningKeys.has(work.key)).toBe(false);
          runningKeys.add(work.key);
          expect(runningKeys.size).toBeLessThanOrEqual(concurrency);
          await turn();
          runningKeys.delete(work.key);
          if (again[runs++ % again.length] === true && runs < 200) return { again: turn() };
          done.push(work);
          return 'settled';
        });
        for (const [number, key] of keys.entries()) lanes.add(key, { key, number });
        while (done.length < keys.length) await turn();
        await lanes.whenIdle();
        for (const key of 'abcd') {
          const numbers = done.filter((work) => work.key === key).map(({ number }) => number);
          expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
        }
        expect(lanes.pausedCount).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test('G2: a lane that pauses holds no place', async () => {
    const { lanes, started } = lanesOf(1);
    const pause = Promise.withResolvers<void>();
    lanes.add('a', { key: 'a', number: 1 });
    lanes.add('b', { key: 'b', number: 1 });
    started[0]?.end({ again: pause.promise });
    await turn();
    expect(started.map(({ key }) => key)).toEqual(['a', 'b']);
    expect(lanes.pausedCount).toBe(1);
    started[1]?.end('settled');
    pause.resolve();
    await turn();
    expect(started.map(({ key }) => key)).toEqual(['a', 'b', 'a']);
    expect(lanes.pausedCount).toBe(0);
  });

  test('what waits can be taken back, whether it is ready, behind a running one or paused; it never runs', async () => {
    const { lanes, started } = lanesOf(1);
    const pause = Promise.withResolvers<void>();
    lanes.add('paused', { key: 'paused', number: 1 });
    started[0]?.end({ again: pause.promise });
    await turn();
    for (const number of [1, 2]) lanes.add('running', { key: 'running', number });
    lanes.add('ready', { key: 'ready', number: 1 });
    expect(lanes.takeWaiting().map(({ key, number }) => `${key}${number}`)).toEqual(['paused1', 'running2', 'ready1']);
    pause.resolve();
    started[1]?.end('settled');
    await turn();
    await lanes.whenIdle();
    expect(started).toHaveLength(2);
    lanes.add('ready', { key: 'ready', number: 2 });
    expect(started.at(-1)).toMatchObject({ key: 'ready', number: 2 });
  });

  test('everybody who waits for the last work to end is told', async () => {
    const { lanes, started } = lanesOf(2);
    await lanes.whenIdle();
    lanes.add('a', { key: 'a', number: 1 });
    const told = Promise.all([lanes.whenIdle(), lanes.whenIdle()]);
    started[0]?.end('settled');
    await expect(told).resolves.toHaveLength(2);
  });
});
