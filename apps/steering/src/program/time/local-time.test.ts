import { describe, expect, test } from '@jest/globals';
import { addDays, datesBetween } from './calendar-date.ts';
import {
  dateOf,
  formatInstant,
  instantOf,
  isTimeZone,
  midnightAfter,
  midnightBefore,
  midnightOf,
} from './local-time.ts';

const HOUR_MS = 3_600_000;

const timesOfDay = Array.from({ length: 96 }, (_, quarter) => {
  const hour = String(Math.floor(quarter / 4)).padStart(2, '0');
  return `${hour}:${String(15 * (quarter % 4)).padStart(2, '0')}:00`;
});

/** The zone, the local date and time, and the instant in UTC with the rule that decides. */
const moments = [
  // Forward on 28 March 2027, 02:00 to 03:00.
  ['Europe/Vienna', '2027-03-28', '01:59:59', '2027-03-28T00:59:59Z', 'the last second before the jump'],
  ['Europe/Vienna', '2027-03-28', '02:00:00', '2027-03-28T01:00:00Z', 'L2: the first time that is jumped over'],
  ['Europe/Vienna', '2027-03-28', '02:30:00', '2027-03-28T01:00:00Z', 'L2: in the middle of the jump'],
  ['Europe/Vienna', '2027-03-28', '03:00:00', '2027-03-28T01:00:00Z', 'the first time after the jump'],
  ['Europe/Vienna', '2027-03-28', '03:30:00', '2027-03-28T01:30:00Z', 'after the jump'],
  // Back on 31 October 2027, 03:00 to 02:00.
  ['Europe/Vienna', '2027-10-31', '01:59:59', '2027-10-30T23:59:59Z', 'before the double hour'],
  ['Europe/Vienna', '2027-10-31', '02:00:00', '2027-10-31T00:00:00Z', 'L1: the first two o’clock'],
  ['Europe/Vienna', '2027-10-31', '02:30:00', '2027-10-31T00:30:00Z', 'L1: the first half past two'],
  ['Europe/Vienna', '2027-10-31', '03:00:00', '2027-10-31T02:00:00Z', 'after both'],
  // Forward on 14 March 2027, back on 7 November 2027, at 02:00.
  ['America/New_York', '2027-03-14', '02:15:00', '2027-03-14T07:00:00Z', 'L2: jumped over'],
  ['America/New_York', '2027-03-14', '03:00:00', '2027-03-14T07:00:00Z', 'after the jump'],
  ['America/New_York', '2027-11-07', '01:15:00', '2027-11-07T05:15:00Z', 'L1: the first quarter past one'],
  ['America/New_York', '2027-11-07', '02:00:00', '2027-11-07T07:00:00Z', 'after both'],
  // UTC+12:45, in summer +13:45; back on 4 April 2027 at 03:45, forward on 26 September at 02:45.
  ['Pacific/Chatham', '2027-01-15', '00:00:00', '2027-01-14T10:15:00Z', 'UTC+13:45'],
  ['Pacific/Chatham', '2027-07-15', '00:00:00', '2027-07-14T11:15:00Z', 'UTC+12:45'],
  ['Pacific/Chatham', '2027-04-04', '03:00:00', '2027-04-03T13:15:00Z', 'L1: the first three o’clock'],
  ['Pacific/Chatham', '2027-09-26', '03:00:00', '2027-09-25T14:00:00Z', 'L2: jumped over'],
  // Half an hour only.
  ['Australia/Lord_Howe', '2027-10-03', '02:10:00', '2027-10-02T15:30:00Z', 'L2: a jump of half an hour'],
  // Midnight itself is jumped over.
  ['Africa/Cairo', '2027-04-30', '00:00:00', '2027-04-29T22:00:00Z', 'L2: the day begins at one o’clock'],
  // A whole day is jumped over.
  ['Pacific/Apia', '2011-12-30', '12:00:00', '2011-12-30T10:00:00Z', 'L2: 30 December 2011 was left out'],
] as const;

test.each(moments)('%s %s %s is %s: %s', (zone, date, time, instant, rule) => {
  expect({ instant: new Date(instantOf(zone, date, time)), rule }).toEqual({ instant: new Date(instant), rule });
});

/** How long the days of clock changes are. */
const days = [
  ['Europe/Vienna', '2027-03-28', 23],
  ['Europe/Vienna', '2027-10-31', 25],
  ['Europe/Vienna', '2028-02-29', 24],
  ['America/New_York', '2027-03-14', 23],
  ['America/New_York', '2027-11-07', 25],
  ['Pacific/Chatham', '2027-04-04', 25],
  ['Pacific/Chatham', '2027-09-26', 23],
  ['Australia/Lord_Howe', '2027-10-03', 23.5],
  ['Africa/Cairo', '2027-04-30', 23],
  ['UTC', '2027-03-28', 24],
] as const;

test.each(days)('in %s the day %s has %d hours', (zone, date, hours) => {
  expect((midnightOf(zone, addDays(date, 1)) - midnightOf(zone, date)) / HOUR_MS).toBe(hours);
});

describe.each(['Europe/Vienna', 'America/New_York', 'Pacific/Chatham', 'Africa/Cairo', 'Australia/Lord_Howe'])(
  'around the clock changes in %s',
  (zone) => {
    const changes = datesBetween('2027-01-01', '2027-12-31').filter(
      (date) => midnightOf(zone, addDays(date, 1)) - midnightOf(zone, date) !== 24 * HOUR_MS,
    );

    test('a later local time is never an earlier instant', () => {
      for (const change of changes) {
        const instants = datesBetween(addDays(change, -1), addDays(change, 1)).flatMap((date) =>
          timesOfDay.map((time) => instantOf(zone, date, time)),
        );
        expect(instants).toEqual(instants.toSorted((left, right) => left - right));
      }
      expect(changes).toHaveLength(2);
    });

    test('every quarter of an hour lies in its day', () => {
      for (const change of changes) {
        const begin = midnightOf(zone, addDays(change, -1));
        const astray = Array.from({ length: 4 * 72 }, (_, quarter) => begin + quarter * (HOUR_MS / 4)).filter(
          (instant) => {
            const midnight = midnightBefore(zone, instant);
            const isBetween = midnight <= instant && instant < midnightAfter(zone, instant);
            return !isBetween || dateOf(zone, midnight) !== dateOf(zone, instant);
          },
        );
        expect(astray).toEqual([]);
      }
    });
  },
);

test('an instant is written with the offset that the station has then', () => {
  expect(formatInstant('Europe/Vienna', Date.UTC(2026, 10, 21, 19))).toBe('2026-11-21T20:00:00+01:00');
  expect(formatInstant('Europe/Vienna', Date.UTC(2027, 6, 1, 18, 0, 0, 5))).toBe('2027-07-01T20:00:00.005+02:00');
  expect(formatInstant('Pacific/Chatham', Date.UTC(2027, 0, 14, 10, 15))).toBe('2027-01-15T00:00:00+13:45');
  expect(formatInstant('UTC', Date.UTC(2027, 0, 14))).toBe('2027-01-14T00:00:00+00:00');
});

test('zones are names of the IANA database and nothing else', () => {
  expect(['Europe/Vienna', 'Pacific/Chatham', 'UTC', 'America/Argentina/Buenos_Aires'].map(isTimeZone)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(['', '+01:00', 'Vienna', 'Europe/Wien', 'Europe/Vienna ', 'Europe/Vienna\u0000'].map(isTimeZone)).toEqual([
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
});
