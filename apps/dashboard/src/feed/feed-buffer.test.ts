import { expect, test } from '@jest/globals';
import { arrive, emptyBuffer, ENTRIES_MAX, pause, resume, type FeedEntry } from './feed-buffer.ts';

const entry = (key: number): FeedEntry => ({
  kind: 'gap',
  key,
  gap: { stream: null, from: null, to: null, reason: 'x' },
  at: new Date(0),
});
const entries = (from: number, to: number): readonly FeedEntry[] =>
  Array.from({ length: to - from + 1 }, (_, index) => entry(from + index));
const keys = (list: readonly FeedEntry[]): readonly number[] => list.map(({ key }) => key);

test('the newest is first', () => {
  const buffer = arrive(arrive(emptyBuffer, entries(1, 2)), entries(3, 4));
  expect(keys(buffer.shown)).toEqual([4, 3, 2, 1]);
});

test('B1 no more than the newest are kept, however much arrives at once', () => {
  const buffer = arrive(arrive(emptyBuffer, entries(1, 10)), entries(11, 3 * ENTRIES_MAX));
  expect(buffer.shown).toHaveLength(ENTRIES_MAX);
  expect(buffer.shown[0]?.key).toBe(3 * ENTRIES_MAX);
});

test('while paused nothing moves, and what waits is counted', () => {
  const buffer = arrive(pause(arrive(emptyBuffer, entries(1, 2))), entries(3, 5));
  expect(keys(buffer.shown)).toEqual([2, 1]);
  expect(buffer.waiting).toBe(3);
});

test('B1 B2 of what waits only the newest are kept, but all are counted', () => {
  const paused = arrive(pause(emptyBuffer), entries(1, 2 * ENTRIES_MAX));
  expect(paused.held).toHaveLength(ENTRIES_MAX);
  expect(paused.waiting).toBe(2 * ENTRIES_MAX);
});

test('resuming shows what waited, in order', () => {
  const buffer = resume(arrive(pause(arrive(emptyBuffer, entries(1, 2))), entries(3, 4)));
  expect(keys(buffer.shown)).toEqual([4, 3, 2, 1]);
  expect(buffer).toMatchObject({ paused: false, held: [], waiting: 0 });
});

test('nothing arriving changes nothing', () => {
  expect(arrive(emptyBuffer, [])).toBe(emptyBuffer);
});
