// The order of timers, against the simplest thing that could be right: a list that is searched.
import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { checkProperty } from '../../test/support/check-property.ts';
import { TimerQueue, type Timer } from './timer-queue.ts';

test('what is due runs in the order in which it is due, then in which it was added; what is cancelled never', () => {
  const step = fc.record({ at: fc.nat(50), cancels: fc.option(fc.nat(200)) });
  checkProperty([fc.array(step, { maxLength: 200 })], (steps) => {
    const queue = new TimerQueue();
    const ran: number[] = [];
    const timers: Timer[] = [];
    const cancelled = new Set<number>();
    for (const [index, { at, cancels }] of steps.entries()) {
      timers.push(queue.add(at, () => ran.push(index)));
      const timer = cancels === null ? undefined : timers[cancels];
      if (cancels === null || timer === undefined) continue;
      queue.cancel(timer);
      queue.cancel(timer);
      cancelled.add(cancels);
    }
    const expected = steps
      .map(({ at }, index) => ({ at, index }))
      .filter(({ index }) => !cancelled.has(index))
      .toSorted((a, b) => a.at - b.at || a.index - b.index);
    expect(queue.size).toBe(expected.length);
    for (let due = queue.take(50); due !== null; due = queue.take(50)) due.run();
    expect(ran).toEqual(expected.map(({ index }) => index));
  });
});

test('nothing is taken before it is due', () => {
  const queue = new TimerQueue();
  queue.add(10, () => undefined);
  expect(queue.take(9)).toBeNull();
  expect(queue.take(10)?.at).toBe(10);
  expect(queue.take(10)).toBeNull();
});

test('timers that are cancelled by the thousand do not pile up, and the others keep their order', () => {
  const queue = new TimerQueue();
  const kept: number[] = [];
  for (let at = 0; at < 20_000; at += 1) {
    const timer = queue.add(at % 977, () => kept.push(at));
    if (at % 5 !== 0) queue.cancel(timer);
  }
  expect(queue.size).toBe(4_000);
  for (let due = queue.take(1_000); due !== null; due = queue.take(1_000)) due.run();
  expect(kept).toEqual(kept.toSorted((a, b) => (a % 977) - (b % 977) || a - b));
});
