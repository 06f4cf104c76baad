// The time of a change: now, and never the same twice.
import { expect, test } from '@jest/globals';
import { changeTime } from './change-time.ts';

const noon = new Date('2026-11-21T12:00:00.000Z');

test('a change is dated now', () => {
  expect(changeTime(new Date('2026-11-21T12:00:01.000Z'), noon).toISOString()).toBe('2026-11-21T12:00:01.000Z');
});

test('two changes of one thing never have the same time, not even when the clock is set back', () => {
  expect(changeTime(noon, noon).toISOString()).toBe('2026-11-21T12:00:00.001Z');
  expect(changeTime(new Date('2020-01-01T00:00:00.000Z'), noon).toISOString()).toBe('2026-11-21T12:00:00.001Z');
});
