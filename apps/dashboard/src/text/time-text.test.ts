import { expect, test } from '@jest/globals';
import { clockTime, duration, relativeTime, wholeNumber } from './time-text.ts';

const now = new Date('2026-11-21T12:00:00.000Z');
const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1_000);

test('ages are told in one unit', () => {
  const ages: readonly (readonly [number, string])[] = [
    [0, 'just now'],
    [4, 'just now'],
    [5, '5 s ago'],
    [59, '59 s ago'],
    [60, '1 min ago'],
    [3_599, '59 min ago'],
    [3_600, '1 h ago'],
    [86_399, '23 h ago'],
    [86_400, 'yesterday'],
    [2 * 86_400, '2 days ago'],
    [6 * 86_400, '6 days ago'],
    [30 * 86_400, '22 Oct 2026'],
  ];
  for (const [seconds, text] of ages) expect(relativeTime(ago(seconds), now, 'UTC')).toBe(text);
});

test('a time ahead of our clock is now', () => {
  expect(relativeTime(ago(-90), now)).toBe('just now');
});

test('clock times are those of the zone, with 24 hours', () => {
  const midnight = new Date('2026-11-21T23:05:09.042Z');
  expect(clockTime(midnight, 'seconds', 'Europe/Vienna')).toBe('00:05:09');
  expect(clockTime(midnight, 'milliseconds', 'UTC')).toBe('23:05:09.042');
  expect(clockTime(new Date('nonsense'), 'seconds')).toBe('--:--:--');
});

test('durations are told in one unit', () => {
  expect([8, 240, 7_300, 200_000].map((seconds) => duration(ago(seconds), now))).toEqual([
    '8 s',
    '4 min',
    '2 h',
    '2 days',
  ]);
});

test('long numbers are grouped', () => {
  expect(wholeNumber(1234567)).toBe('1,234,567');
});
