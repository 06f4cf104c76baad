import { expect, test } from '@jest/globals';
import { slot } from '../../../test/support/program.ts';
import { told } from '../../../test/support/told.ts';
import type { Timeslot } from '../program.ts';

/** Before, after, and what is told of it. */
const timeslots: readonly (readonly [string, readonly Timeslot[], readonly Timeslot[], string])[] = [
  [
    'nothing changes',
    [slot(1, '2026-11-25 20:00', '2026-11-25 21:00')],
    [slot(1, '2026-11-25 20:00', '2026-11-25 21:00')],
    '',
  ],
  [
    'one is created',
    [],
    [slot(1, '2026-11-25 20:00', '2026-11-25 21:00')],
    'date.2026-11-25 week.2026-W48 month.2026-11',
  ],
  [
    'one is deleted',
    [slot(1, '2026-11-25 20:00', '2026-11-25 21:00')],
    [],
    'date.2026-11-25 week.2026-W48 month.2026-11',
  ],
  [
    'one is created within 24 hours',
    [],
    [slot(1, '2026-11-22 11:59', '2026-11-22 13:00')],
    'date.2026-11-22 week.2026-W47 month.2026-11 upcoming.24h',
  ],
  [
    'one is created in exactly 24 hours',
    [],
    [slot(1, '2026-11-22 12:00', '2026-11-22 13:00')],
    'date.2026-11-22 week.2026-W47 month.2026-11',
  ],
  [
    'one is created that is on the air',
    [],
    [slot(1, '2026-11-21 11:00', '2026-11-21 13:00')],
    'date.2026-11-21 week.2026-W47 month.2026-11 upcoming.now upcoming.24h',
  ],
  [
    'one is created that begins now',
    [],
    [slot(1, '2026-11-21 12:00', '2026-11-21 13:00')],
    'date.2026-11-21 week.2026-W47 month.2026-11 upcoming.now upcoming.24h',
  ],
  [
    'one is created that ends now',
    [],
    [slot(1, '2026-11-21 11:00', '2026-11-21 12:00')],
    'date.2026-11-21 week.2026-W47 month.2026-11',
  ],
  [
    'one goes across midnight and the end of a week',
    [],
    [slot(1, '2026-11-29 23:00', '2026-11-30 01:00')],
    'date.2026-11-29 date.2026-11-30 week.2026-W48 week.2026-W49 month.2026-11',
  ],
  [
    'one goes across the end of a month',
    [],
    [slot(1, '2026-11-30 23:00', '2026-12-01 01:00')],
    'date.2026-11-30 date.2026-12-01 week.2026-W49 month.2026-11 month.2026-12',
  ],
  [
    'one goes across the end of a year',
    [],
    [slot(1, '2026-12-31 22:00', '2027-01-01 04:00')],
    'date.2026-12-31 date.2027-01-01 week.2026-W53 month.2026-12 month.2027-01',
  ],
  [
    'one ends at the midnight of New Year',
    [],
    [slot(1, '2026-12-31 22:00', '2027-01-01 00:00')],
    'date.2026-12-31 week.2026-W53 month.2026-12',
  ],
  [
    'one is on 3 January',
    [],
    [slot(1, '2027-01-03 22:00', '2027-01-03 23:00')],
    'date.2027-01-03 week.2026-W53 month.2027-01',
  ],
  [
    'one is on 4 January',
    [],
    [slot(1, '2027-01-04 00:00', '2027-01-04 23:00')],
    'date.2027-01-04 week.2027-W01 month.2027-01',
  ],
  [
    'one is on 29 February',
    [],
    [slot(1, '2028-02-29 20:00', '2028-02-29 21:00')],
    'date.2028-02-29 week.2028-W09 month.2028-02',
  ],
  [
    'one goes across 29 February',
    [],
    [slot(1, '2028-02-28 23:00', '2028-03-01 01:00')],
    'date.2028-02-28 date.2028-02-29 date.2028-03-01 week.2028-W09 month.2028-02 month.2028-03',
  ],
  [
    'one is moved to another month',
    [slot(1, '2026-11-25 20:00', '2026-11-25 21:00')],
    [slot(1, '2026-12-09 20:00', '2026-12-09 21:00')],
    'date.2026-11-25 date.2026-12-09 week.2026-W48 week.2026-W50 month.2026-11 month.2026-12',
  ],
  [
    'one is made a minute shorter',
    [slot(1, '2026-11-25 20:00', '2026-11-25 21:00')],
    [slot(1, '2026-11-25 20:00', '2026-11-25 20:59')],
    'date.2026-11-25 week.2026-W48 month.2026-11',
  ],
  [
    'one is cut down to the day before',
    [slot(1, '2026-11-25 23:00', '2026-11-26 01:00')],
    [slot(1, '2026-11-25 23:00', '2026-11-26 00:00')],
    'date.2026-11-25 date.2026-11-26 week.2026-W48 month.2026-11',
  ],
  [
    'one is replaced by another with the same media',
    [slot(1, '2026-11-25 20:00', '2026-11-25 21:00', { mediaId: 5 })],
    [slot(2, '2026-11-25 20:00', '2026-11-25 21:00', { mediaId: 5, scheduleId: 20 })],
    'date.2026-11-25 week.2026-W48 month.2026-11',
  ],
  [
    'one gets media of its own',
    [slot(1, '2026-11-25 20:00', '2026-11-25 21:00')],
    [slot(1, '2026-11-25 20:00', '2026-11-25 21:00', { mediaId: 5 })],
    'date.2026-11-25 week.2026-W48 month.2026-11',
  ],
  [
    'one gets another memo',
    [slot(1, '2026-11-25 20:00', '2026-11-25 21:00')],
    [slot(1, '2026-11-25 20:00', '2026-11-25 21:00', { memo: 'live' })],
    '',
  ],
  [
    'several of one day change',
    [],
    [slot(1, '2026-11-25 20:00', '2026-11-25 21:00'), slot(2, '2026-11-25 21:00', '2026-11-25 22:00')],
    'date.2026-11-25 week.2026-W48 month.2026-11',
  ],
];

test.each(timeslots)('M1 %s', (_, before, after, expected) => {
  expect(told({ timeslots: before }, { timeslots: after }).join(' ')).toBe(expected);
});

/** Where, from when until when, and what is told of it. */
const elsewhere: readonly (readonly [string, string, string, string, string])[] = [
  [
    'one is on the day of 23 hours in New York',
    'America/New_York',
    '2027-03-14 23:30',
    '2027-03-15 00:30',
    'date.2027-03-14 date.2027-03-15 week.2027-W10 week.2027-W11 month.2027-03',
  ],
  [
    'one ends the day of 25 hours in New York',
    'America/New_York',
    '2027-11-07 22:00',
    '2027-11-08 00:00',
    'date.2027-11-07 week.2027-W44 month.2027-11',
  ],
  [
    'one is across the missing hour in Vienna',
    'Europe/Vienna',
    '2027-03-28 01:00',
    '2027-03-28 04:00',
    'date.2027-03-28 week.2027-W12 month.2027-03',
  ],
  [
    'one is in the double hour in Vienna',
    'Europe/Vienna',
    '2027-10-31 02:00',
    '2027-10-31 03:00',
    'date.2027-10-31 week.2027-W43 month.2027-10',
  ],
  [
    'one is across midnight at UTC+13:45',
    'Pacific/Chatham',
    '2027-01-31 23:30',
    '2027-02-01 00:30',
    'date.2027-01-31 date.2027-02-01 week.2027-W04 week.2027-W05 month.2027-01 month.2027-02',
  ],
];

test.each(elsewhere)('M1 %s', (_, zone, start, end, expected) => {
  expect(told({ zone }, { zone, timeslots: [slot(1, start, end, {}, zone)] }).join(' ')).toBe(expected);
});
