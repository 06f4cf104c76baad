import { expect, test } from '@jest/globals';
import { planProblems, timeslotProblems } from './plan-problems.ts';
import type { SchedulePlan } from './schedule-plan.ts';

const TODAY = '2026-11-21';
const NOW_MS = Date.UTC(2026, 10, 21, 12);
const HOUR_MS = 3_600_000;

const weekly: SchedulePlan = {
  rrule: { freq: 'weekly', interval: 1, bySetPos: null, byWeekdays: 'all' },
  firstDate: '2026-11-24',
  lastDate: null,
  startTime: '20:00:00',
  endTime: '21:00:00',
  repetitionOfId: null,
  addDaysNo: 0,
  addBusinessDaysOnly: false,
};

/** What differs from a plan without problems, and the problems it makes. */
const plans: readonly (readonly [string, Partial<SchedulePlan>, string])[] = [
  ['that is sound', {}, ''],
  ['across midnight', { endTime: '00:00:00' }, ''],
  ['of no length', { endTime: '20:00:00' }, 'endTime zero-length'],
  ['whose last date is before its first', { lastDate: '2026-11-23' }, 'lastDate before-first-date'],
  ['of a single week', { lastDate: '2026-11-24' }, ''],
  ['up to ten years from now', { lastDate: '2036-11-21' }, ''],
  ['a day more than ten years long', { lastDate: '2036-11-22' }, 'lastDate too-late'],
  ['over a hundred years', { lastDate: '2126-11-24' }, 'lastDate too-late'],
  ['that begins in a hundred years', { firstDate: '2126-11-24' }, 'firstDate too-late'],
  ['that has begun before radio', { firstDate: '1826-11-24' }, 'firstDate too-early'],
  ['that has begun twenty years ago', { firstDate: '2006-11-24' }, ''],
  [
    'that is once, and has another last date',
    { rrule: { ...weekly.rrule, freq: 'once' }, lastDate: '2026-12-24' },
    'lastDate not-for-once',
  ],
  ['with no interval', { rrule: { ...weekly.rrule, interval: 0 } }, 'rrule.interval out-of-range'],
  ['with half an interval', { rrule: { ...weekly.rrule, interval: 1.5 } }, 'rrule.interval out-of-range'],
  ['with an interval of 2^53+1', { rrule: { ...weekly.rrule, interval: 2 ** 53 + 1 } }, 'rrule.interval out-of-range'],
  ['by months without a place in the month', { rrule: { ...weekly.rrule, freq: 'monthly' } }, 'rrule.bySetPos missing'],
  ['by weeks with a place in the month', { rrule: { ...weekly.rrule, bySetPos: 1 } }, 'rrule.bySetPos only-monthly'],
  [
    'by weeks on business days',
    { rrule: { ...weekly.rrule, byWeekdays: 'business-days' } },
    'rrule.byWeekdays only-daily',
  ],
  ['moved backwards', { addDaysNo: -1 }, 'addDaysNo out-of-range'],
  ['moved by years', { addDaysNo: 367 }, 'addDaysNo out-of-range'],
  [
    'with several problems',
    { endTime: '20:00:00', lastDate: '2026-11-01', addDaysNo: 1e9 },
    'endTime zero-length, lastDate before-first-date, addDaysNo out-of-range',
  ],
];

test.each(plans)('of a plan %s every problem is told', (_, changes, expected) => {
  expect(
    planProblems({ ...weekly, ...changes }, TODAY)
      .map(({ field, code }) => `${field} ${code}`)
      .join(', '),
  ).toBe(expected);
});

test('a time by hand is not empty, not endless and not out of reach', () => {
  const codes = (startMs: number, endMs: number): readonly string[] =>
    timeslotProblems({ startMs, endMs }, 'Europe/Vienna', NOW_MS).map(({ field, code }) => `${field} ${code}`);
  expect(codes(NOW_MS, NOW_MS + HOUR_MS)).toEqual([]);
  expect(codes(NOW_MS, NOW_MS)).toEqual(['end not-after-start']);
  expect(codes(NOW_MS, NOW_MS - 1)).toEqual(['end not-after-start']);
  expect(codes(NOW_MS, NOW_MS + 168 * HOUR_MS)).toEqual([]);
  expect(codes(NOW_MS, NOW_MS + 168 * HOUR_MS + 1)).toEqual(['end too-long']);
  expect(codes(Date.UTC(2037, 0, 1), Date.UTC(2037, 0, 1, 1))).toEqual(['end too-late']);
  expect(codes(Date.UTC(1926, 0, 1), Date.UTC(1926, 0, 1, 1))).toEqual(['start too-early']);
  expect(codes(8_639_999_999_999_999, 8_640_000_000_000_000)).toEqual(['end too-late']);
});
