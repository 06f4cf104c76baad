// Handlers at work (Q12): so many at once, so many waiting, in order, and what waits can be taken back.
import { expect, test } from '@jest/globals';
import { Work } from './work.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('Q12: no more than its concurrency runs, no more than its places waits, and all that was taken runs in order', async () => {
  const work = new Work(2, 3);
  const started: number[] = [];
  const gate = Promise.withResolvers<void>();
  const offer = (index: number): boolean =>
    work.offer({
      run: async () => {
        started.push(index);
        await gate.promise;
      },
      drop: () => undefined,
    });
  expect([1, 2, 3, 4, 5, 6, 7].map(offer)).toEqual([true, true, true, true, true, false, false]);
  expect([work.running, work.waiting, started]).toEqual([2, 3, [1, 2]]);
  gate.resolve();
  await work.idle();
  expect(started).toEqual([1, 2, 3, 4, 5]);
  expect([work.running, work.waiting]).toEqual([0, 0]);
  expect(offer(8)).toBe(true);
});

test('what waits is dropped, each once, and what runs is waited for', async () => {
  const work = new Work(1, 10);
  const gate = Promise.withResolvers<void>();
  const dropped: number[] = [];
  for (const index of [1, 2, 3]) work.offer({ run: () => gate.promise, drop: () => void dropped.push(index) });
  work.clear();
  work.clear();
  expect(dropped).toEqual([2, 3]);
  let isIdle = false;
  const idle = work.idle().then(() => (isIdle = true));
  await turn();
  expect(isIdle).toBe(false);
  gate.resolve();
  await idle;
});

test.each([0, -1, 1.5, Number.NaN])('a concurrency of %d is refused', (concurrency) => {
  expect(() => new Work(concurrency, 1)).toThrow(RangeError);
});
