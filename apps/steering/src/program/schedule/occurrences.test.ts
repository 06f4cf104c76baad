import { expect, test } from '@jest/globals';
import type { Timeslot } from '../program.ts';
import { formatInstant, instantOf } from '../time/local-time.ts';
import { movedDate, occurrencesOf } from './occurrences.ts';
import { plannedOccurrences } from './repetitions.ts';
import type { SchedulePlan } from './schedule-plan.ts';

const VIENNA = 'Europe/Vienna';

const weekly: SchedulePlan = {
  rrule: { freq: 'weekly', interval: 1, bySetPos: null, byWeekdays: 'all' },
  firstDate: '2026-11-17',
  lastDate: null,
  startTime: '20:00:00',
  endTime: '21:00:00',
  repetitionOfId: null,
  addDaysNo: 0,
  addBusinessDaysOnly: false,
};
const daily: SchedulePlan = { ...weekly, rrule: { ...weekly.rrule, freq: 'daily' } };

/** Start and end of every occurrence, in the station's time. */
function spans(plan: SchedulePlan, zone: string, from: string, until: string): readonly string[] {
  return occurrencesOf(plan, zone, from, until).map(
    ({ startMs, endMs }) => `${formatInstant(zone, startMs)} ${formatInstant(zone, endMs)}`,
  );
}

test('an end before the start is on the next day, across years and clock changes', () => {
  const late = { ...daily, firstDate: '2026-01-01', startTime: '22:30:00', endTime: '01:00:00' };
  expect(spans(late, VIENNA, '2026-12-31', '2026-12-31')).toEqual([
    '2026-12-31T22:30:00+01:00 2027-01-01T01:00:00+01:00',
  ]);
  expect(spans({ ...late, endTime: '00:00:00' }, VIENNA, '2028-02-29', '2028-02-29')).toEqual([
    '2028-02-29T22:30:00+01:00 2028-03-01T00:00:00+01:00',
  ]);
  expect(spans({ ...late, endTime: '05:00:00' }, VIENNA, '2027-03-27', '2027-03-27')).toEqual([
    '2027-03-27T22:30:00+01:00 2027-03-28T05:00:00+02:00',
  ]);
});

/** Times of a schedule on the day of a clock change, and what is broadcast. */
const changes = [
  ['at its usual time', VIENNA, '2027-03-28', '20:00', '21:00', '20:00:00+02:00 21:00:00+02:00'],
  ['shortened to what is left', VIENNA, '2027-03-28', '02:30', '03:30', '03:00:00+02:00 03:30:00+02:00'],
  ['shortened at its end', VIENNA, '2027-03-28', '01:30', '02:30', '01:30:00+01:00 03:00:00+02:00'],
  ['not, as its hour is missing', VIENNA, '2027-03-28', '02:00', '03:00', ''],
  ['not, as its half hour is missing', VIENNA, '2027-03-28', '02:15', '02:45', ''],
  ['for two hours', VIENNA, '2027-10-31', '02:00', '03:00', '02:00:00+02:00 03:00:00+01:00'],
  ['in the first of two half hours', VIENNA, '2027-10-31', '02:00', '02:30', '02:00:00+02:00 02:30:00+02:00'],
  ['through the second hour', VIENNA, '2027-10-31', '02:30', '03:00', '02:30:00+02:00 03:00:00+01:00'],
  ['shortened in New York', 'America/New_York', '2027-03-14', '01:00', '02:30', '01:00:00-05:00 03:00:00-04:00'],
  ['longer in New York', 'America/New_York', '2027-11-07', '01:30', '02:30', '01:30:00-04:00 02:30:00-05:00'],
  ['longer on the Chatham Islands', 'Pacific/Chatham', '2027-04-04', '03:00', '04:00', '03:00:00+13:45 04:00:00+12:45'],
  [
    'shortened on the Chatham Islands',
    'Pacific/Chatham',
    '2027-09-26',
    '02:00',
    '04:00',
    '02:00:00+12:45 04:00:00+13:45',
  ],
] as const;

test.each(changes)('on the day of a clock change a schedule is broadcast %s', (_, zone, date, start, end, expected) => {
  const plan = { ...daily, startTime: `${start}:00`, endTime: `${end}:00` };
  expect(spans(plan, zone, date, date).map((span) => span.replaceAll(`${date}T`, ''))).toEqual(
    expected === '' ? [] : [expected],
  );
});

test('L2 what follows without a gap on paper does so on air, whatever the clocks do', () => {
  const quarters = Array.from({ length: 97 }, (_, quarter) => {
    const hour = String(Math.floor((quarter % 96) / 4)).padStart(2, '0');
    return `${hour}:${String(15 * (quarter % 4)).padStart(2, '0')}:00`;
  });
  for (const [zone, date] of changes.map(([, changing, day]) => [changing, day] as const)) {
    const day = quarters.slice(0, -1).flatMap((startTime, index) => {
      const plan = { ...daily, firstDate: '2027-01-01', startTime, endTime: quarters[index + 1] ?? '' };
      return occurrencesOf(plan, zone, date, date);
    });
    for (const [index, { endMs }] of day.slice(0, -1).entries()) expect(day[index + 1]?.startMs).toBe(endMs);
  }
});

test('dates are moved by days, or by business days alone', () => {
  const moved = (addDaysNo: number, addBusinessDaysOnly: boolean): string =>
    movedDate({ ...weekly, addDaysNo, addBusinessDaysOnly }, '2026-11-20');
  expect([moved(0, false), moved(1, false), moved(3, false)]).toEqual(['2026-11-20', '2026-11-21', '2026-11-23']);
  expect([moved(0, true), moved(1, true), moved(3, true)]).toEqual(['2026-11-20', '2026-11-23', '2026-11-25']);
});

test('of several dates that are moved to one Monday the last counts', () => {
  const plan = { ...daily, addDaysNo: 1, addBusinessDaysOnly: true };
  expect(
    occurrencesOf(plan, VIENNA, '2026-11-19', '2026-11-23').map(({ date, ruleDate }) => `${ruleDate} ${date}`),
  ).toEqual(['2026-11-19 2026-11-20', '2026-11-22 2026-11-23', '2026-11-23 2026-11-24']);
});

function originalOn(id: number, date: string): Timeslot {
  return {
    id,
    scheduleId: 1,
    startMs: instantOf(VIENNA, date, '20:00:00'),
    endMs: instantOf(VIENNA, date, '21:00:00'),
    episodeId: null,
    mediaId: null,
    memo: '',
    repetitionOfId: null,
  };
}

/** Tuesdays; that of 1 December was deleted. */
const originals = [originalOn(11, '2026-11-17'), originalOn(12, '2026-11-24'), originalOn(14, '2026-12-08')];

function repetitions(plan: Partial<SchedulePlan>, from = '2026-11-01'): readonly string[] {
  return plannedOccurrences(
    { ...weekly, repetitionOfId: 1, ...plan },
    { zone: VIENNA, from, until: '2026-12-20', originals },
  ).map(({ date, repetitionOfId }) => `${date} ${repetitionOfId}`);
}

test('N6 a repetition some days later repeats what was broadcast on its date, and a gap there is a gap here', () => {
  expect(repetitions({ addDaysNo: 1 })).toEqual(['2026-11-18 11', '2026-11-25 12', '2026-12-09 14']);
  expect(repetitions({ addDaysNo: 10 })).toEqual(['2026-11-27 11', '2026-12-04 12', '2026-12-18 14']);
  expect(repetitions({ addDaysNo: 4, addBusinessDaysOnly: true })).toEqual([
    '2026-11-23 11',
    '2026-11-30 12',
    '2026-12-14 14',
  ]);
});

test('N6 a repetition on dates of its own repeats the last broadcast before, once', () => {
  expect(repetitions({ firstDate: '2026-11-19' })).toEqual(['2026-11-19 11', '2026-11-26 12', '2026-12-10 14']);
  expect(repetitions({ firstDate: '2026-11-18', rrule: daily.rrule })).toEqual([
    '2026-11-18 11',
    '2026-11-25 12',
    '2026-12-09 14',
  ]);
  expect(repetitions({ firstDate: '2026-11-15', rrule: { ...weekly.rrule, interval: 2 } })).toEqual([
    '2026-11-29 12',
    '2026-12-13 14',
  ]);
});

test('a repetition that is planned bit by bit is what it is planned at once', () => {
  const plan = { firstDate: '2026-11-18', rrule: daily.rrule };
  expect(repetitions(plan, '2026-11-26')).toEqual(['2026-12-09 14']);
});

test('N6 a repetition begins after its original, or there is none', () => {
  expect(repetitions({ startTime: '20:30:00', endTime: '21:30:00' })).toEqual([
    '2026-11-24 11',
    '2026-12-01 12',
    '2026-12-15 14',
  ]);
  expect(repetitions({ startTime: '21:00:00', endTime: '22:00:00' })).toEqual([
    '2026-11-17 11',
    '2026-11-24 12',
    '2026-12-08 14',
  ]);
});
