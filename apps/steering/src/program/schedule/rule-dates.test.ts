import { expect, test } from '@jest/globals';
import { addDays } from '../time/calendar-date.ts';
import { ruleDates, TooManyOccurrencesError } from './rule-dates.ts';
import type { Recurrence } from './schedule-plan.ts';

const every = (rrule: Partial<Recurrence>): Recurrence => ({
  freq: 'once',
  interval: 1,
  bySetPos: null,
  byWeekdays: 'all',
  ...rrule,
});

/** A rule, its first date, until when, and its dates. 2026-11-21 is a Saturday. */
const rules: readonly (readonly [string, Recurrence, string, string, string])[] = [
  ['once', every({}), '2026-11-21', '2027-11-21', '2026-11-21'],
  ['daily', every({ freq: 'daily' }), '2027-02-27', '2027-03-02', '2027-02-27 2027-02-28 2027-03-01 2027-03-02'],
  ['daily over 29 February', every({ freq: 'daily' }), '2028-02-28', '2028-03-01', '2028-02-28 2028-02-29 2028-03-01'],
  [
    'every third day',
    every({ freq: 'daily', interval: 3 }),
    '2026-12-28',
    '2027-01-05',
    '2026-12-28 2026-12-31 2027-01-03',
  ],
  [
    'on business days from a Saturday on',
    every({ freq: 'daily', byWeekdays: 'business-days' }),
    '2026-11-21',
    '2026-11-30',
    '2026-11-23 2026-11-24 2026-11-25 2026-11-26 2026-11-27 2026-11-30',
  ],
  [
    'on weekends',
    every({ freq: 'daily', byWeekdays: 'weekends' }),
    '2026-11-22',
    '2026-12-06',
    '2026-11-22 2026-11-28 2026-11-29 2026-12-05 2026-12-06',
  ],
  ['weekly', every({ freq: 'weekly' }), '2026-12-21', '2027-01-11', '2026-12-21 2026-12-28 2027-01-04 2027-01-11'],
  [
    'every two weeks',
    every({ freq: 'weekly', interval: 2 }),
    '2026-12-21',
    '2027-01-20',
    '2026-12-21 2027-01-04 2027-01-18',
  ],
  ['weekly on 29 February', every({ freq: 'weekly' }), '2028-02-22', '2028-03-07', '2028-02-22 2028-02-29 2028-03-07'],
  [
    'on the first such weekday, already past in the first month',
    every({ freq: 'monthly', bySetPos: 1 }),
    '2026-11-10',
    '2027-02-28',
    '2026-12-01 2027-01-05 2027-02-02',
  ],
  [
    'on the third such weekday, every two months',
    every({ freq: 'monthly', interval: 2, bySetPos: 3 }),
    '2026-11-17',
    '2027-03-31',
    '2026-11-17 2027-01-19 2027-03-16',
  ],
  [
    'on the fifth such weekday, where there is one',
    every({ freq: 'monthly', bySetPos: 5 }),
    '2026-11-29',
    '2027-05-31',
    '2026-11-29 2027-01-31 2027-05-30',
  ],
  [
    'on the last such weekday',
    every({ freq: 'monthly', bySetPos: -1 }),
    '2028-01-25',
    '2028-04-30',
    '2028-01-25 2028-02-29 2028-03-28 2028-04-25',
  ],
  [
    'on a fifth weekday that its months never have',
    every({ freq: 'monthly', interval: 48, bySetPos: 5 }),
    '2027-02-01',
    '2127-02-01',
    '',
  ],
];

test.each(rules)('%s', (_, rrule, firstDate, until, expected) => {
  const rule = { rrule, firstDate, lastDate: null };
  expect(ruleDates(rule, firstDate, until).join(' ')).toBe(expected);
  // Whatever is asked for, the rule is counted from its first date.
  for (const from of [-400, 1, 5, 40].map((days) => addDays(firstDate, days))) {
    expect(ruleDates(rule, from, until).join(' ')).toBe(
      expected
        .split(' ')
        .filter((date) => date >= from)
        .join(' '),
    );
  }
});

test('a last date is the last, and included', () => {
  const rule = { rrule: every({ freq: 'weekly' }), firstDate: '2026-11-21', lastDate: '2026-12-05' };
  expect(ruleDates(rule, '2026-11-01', '2027-11-01')).toEqual(['2026-11-21', '2026-11-28', '2026-12-05']);
  expect(ruleDates({ ...rule, lastDate: '2026-11-20' }, '2026-11-01', '2027-11-01')).toEqual([]);
});

test('a hundred years of days are refused before they are made', () => {
  const rule = { rrule: every({ freq: 'daily' }), firstDate: '2026-11-21', lastDate: null };
  expect(ruleDates(rule, '2026-11-21', '2036-11-20')).toHaveLength(3653);
  expect(() => ruleDates(rule, '2026-11-21', '2126-11-21')).toThrow(TooManyOccurrencesError);
});
