import { expect, test } from '@jest/globals';
import { addBusinessDays, addYears, datesBetween, weekOf } from './calendar-date.ts';
import type { Interval } from './interval.ts';
import { instantOf } from './local-time.ts';
import { datesTouched, intervalOfDate, intervalOfMonth, intervalOfWeek, timeframesOf } from './timeframe.ts';

const VIENNA = 'Europe/Vienna';

function at(zone: string, start: string, end: string): Interval {
  const [startDate = '', startTime = ''] = start.split(' ');
  const [endDate = '', endTime = ''] = end.split(' ');
  return { startMs: instantOf(zone, startDate, startTime), endMs: instantOf(zone, endDate, endTime) };
}

test('around New Year 2027 a day is in the ISO week that ISO 8601 says', () => {
  expect(datesBetween('2026-12-27', '2027-01-04').map((date) => `${date} ${weekOf(date)}`)).toEqual([
    '2026-12-27 2026-W52',
    '2026-12-28 2026-W53',
    '2026-12-29 2026-W53',
    '2026-12-30 2026-W53',
    '2026-12-31 2026-W53',
    '2027-01-01 2026-W53',
    '2027-01-02 2026-W53',
    '2027-01-03 2026-W53',
    '2027-01-04 2027-W01',
  ]);
  expect(['2024-12-30', '2025-11-13', '2028-02-29', '2029-12-31'].map(weekOf)).toEqual([
    '2025-W01',
    '2025-W46',
    '2028-W09',
    '2030-W01',
  ]);
});

/** A timeslot in the station's time, and the timeframes that it touches. */
const touched = [
  ['within a day', VIENNA, '2026-11-21 20:00:00', '2026-11-21 21:00:00', '2026-11-21', '2026-W47', '2026-11'],
  ['up to midnight', VIENNA, '2026-11-21 23:00:00', '2026-11-22 00:00:00', '2026-11-21', '2026-W47', '2026-11'],
  ['from midnight', VIENNA, '2026-11-22 00:00:00', '2026-11-22 01:00:00', '2026-11-22', '2026-W47', '2026-11'],
  [
    'across midnight and the end of a week',
    VIENNA,
    '2026-11-22 23:00:00',
    '2026-11-23 01:00:00',
    '2026-11-22 2026-11-23',
    '2026-W47 2026-W48',
    '2026-11',
  ],
  [
    'across the end of a month',
    VIENNA,
    '2026-11-30 23:00:00',
    '2026-12-01 01:00:00',
    '2026-11-30 2026-12-01',
    '2026-W49',
    '2026-11 2026-12',
  ],
  [
    'across the end of a year, within a week',
    VIENNA,
    '2026-12-31 22:00:00',
    '2027-01-01 04:00:00',
    '2026-12-31 2027-01-01',
    '2026-W53',
    '2026-12 2027-01',
  ],
  [
    'over three days',
    VIENNA,
    '2027-01-02 12:00:00',
    '2027-01-04 00:00:01',
    '2027-01-02 2027-01-03 2027-01-04',
    '2026-W53 2027-W01',
    '2027-01',
  ],
  [
    'across 29 February',
    VIENNA,
    '2028-02-28 23:00:00',
    '2028-03-01 01:00:00',
    '2028-02-28 2028-02-29 2028-03-01',
    '2028-W09',
    '2028-02 2028-03',
  ],
  [
    'across the hour that is missing',
    VIENNA,
    '2027-03-28 01:00:00',
    '2027-03-28 04:00:00',
    '2027-03-28',
    '2027-W12',
    '2027-03',
  ],
  [
    'at UTC+13:45',
    'Pacific/Chatham',
    '2026-12-31 23:30:00',
    '2027-01-01 00:30:00',
    '2026-12-31 2027-01-01',
    '2026-W53',
    '2026-12 2027-01',
  ],
] as const;

test.each(touched)('a timeslot %s touches its timeframes', (_, zone, start, end, dates, weeks, months) => {
  expect(timeframesOf(datesTouched(zone, [at(zone, start, end)]))).toEqual({
    dates: dates.split(' '),
    weeks: weeks.split(' '),
    months: months.split(' '),
  });
});

test('a timeframe is named once, however many intervals touch it', () => {
  const evening = at(VIENNA, '2026-11-21 20:00:00', '2026-11-21 21:00:00');
  const night = at(VIENNA, '2026-11-21 21:00:00', '2026-11-22 03:00:00');
  expect(timeframesOf(datesTouched(VIENNA, [night, evening, evening]))).toEqual({
    dates: ['2026-11-21', '2026-11-22'],
    weeks: ['2026-W47'],
    months: ['2026-11'],
  });
});

test('dates, weeks and months begin and end at midnights of the station', () => {
  expect(intervalOfDate(VIENNA, '2027-03-28')).toEqual(at(VIENNA, '2027-03-28 00:00:00', '2027-03-29 00:00:00'));
  expect(intervalOfWeek(VIENNA, '2026-W53')).toEqual(at(VIENNA, '2026-12-28 00:00:00', '2027-01-04 00:00:00'));
  expect(intervalOfWeek(VIENNA, '2027-W01')).toEqual(at(VIENNA, '2027-01-04 00:00:00', '2027-01-11 00:00:00'));
  expect(intervalOfMonth(VIENNA, '2026-12')).toEqual(at(VIENNA, '2026-12-01 00:00:00', '2027-01-01 00:00:00'));
  expect(intervalOfMonth('Pacific/Chatham', '2028-02')).toEqual(
    at('Pacific/Chatham', '2028-02-01 00:00:00', '2028-03-01 00:00:00'),
  );
});

test('business days are counted without Saturdays and Sundays', () => {
  // Friday 20, Saturday 21, Sunday 22, Monday 23 November 2026.
  const cases = [
    ['2026-11-19', 1, '2026-11-20'],
    ['2026-11-20', 1, '2026-11-23'],
    ['2026-11-21', 1, '2026-11-23'],
    ['2026-11-22', 1, '2026-11-23'],
    ['2026-11-20', 5, '2026-11-27'],
    ['2026-11-23', 5, '2026-11-30'],
    ['2026-11-22', 6, '2026-11-30'],
    ['2026-11-23', 12, '2026-12-09'],
  ] as const;
  for (const [date, days, expected] of cases) expect(addBusinessDays(date, days)).toBe(expected);
});

test('a year after 29 February is 28 February', () => {
  expect(addYears('2028-02-29', 1)).toBe('2029-02-28');
  expect(addYears('2028-02-29', 4)).toBe('2032-02-29');
});
