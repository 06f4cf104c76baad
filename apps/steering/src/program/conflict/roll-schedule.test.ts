import { expect, test } from '@jest/globals';
import type { Timeslot } from '../program.ts';
import type { SchedulePlan } from '../schedule/schedule-plan.ts';
import { dateOf, instantOf } from '../time/local-time.ts';
import { repeatOriginals, rollSchedule, type Rolled, type RollingSchedule } from './roll-schedule.ts';

const ZONE = 'Europe/Vienna';

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

function schedule(today: string, rest: Partial<RollingSchedule> = {}): RollingSchedule {
  const nowMs = instantOf(ZONE, today, '04:00:00');
  return { zone: ZONE, nowMs, id: 1, plan: weekly, plannedUntil: '2027-11-21', timeslots: [], originals: [], ...rest };
}

function timeslot(id: number, date: string, rest: Partial<Timeslot> = {}): Timeslot {
  return {
    id,
    scheduleId: 2,
    startMs: instantOf(ZONE, date, '20:00:00'),
    endMs: instantOf(ZONE, date, '21:00:00'),
    episodeId: null,
    mediaId: null,
    memo: '',
    repetitionOfId: null,
    ...rest,
  };
}

const datesOf = ({ changes }: Rolled): readonly string[] => changes.creates.map(({ startMs }) => dateOf(ZONE, startMs));

test('N7 every day the schedule is planned a year ahead, each date once', () => {
  expect(rollSchedule(schedule('2026-11-21'))).toEqual({
    changes: { creates: [], moves: [], deletes: [] },
    plannedUntil: '2027-11-21',
    givenUp: [],
  });
  const nextDay = rollSchedule(schedule('2026-11-22'));
  expect([datesOf(nextDay), nextDay.plannedUntil]).toEqual([[], '2027-11-22']);
  const nextWeek = rollSchedule(schedule('2026-11-23', { plannedUntil: nextDay.plannedUntil }));
  expect([datesOf(nextWeek), nextWeek.plannedUntil]).toEqual([['2027-11-23'], '2027-11-23']);
});

test('days on which nobody planned anything are made up for', () => {
  const late = rollSchedule(schedule('2026-12-20'));
  expect(datesOf(late)).toEqual(['2027-11-23', '2027-11-30', '2027-12-07', '2027-12-14']);
});

test('a schedule with a last date is not planned further', () => {
  const plan = { ...weekly, lastDate: '2027-01-05' };
  expect(rollSchedule(schedule('2026-12-20', { plan, plannedUntil: '2027-01-05' }))).toEqual({
    changes: { creates: [], moves: [], deletes: [] },
    plannedUntil: '2027-01-05',
    givenUp: [],
  });
});

test('N7 where something is already, that stays', () => {
  const there = timeslot(7, '2027-11-30');
  const rolled = rollSchedule(schedule('2026-12-05', { timeslots: [there] }));
  expect(datesOf(rolled)).toEqual(['2027-11-23']);
  expect(rolled.givenUp).toEqual([{ startMs: there.startMs, endMs: there.endMs }]);
});

test('N6 new originals get their repetitions, old ones no second', () => {
  const plan = { ...weekly, repetitionOfId: 2, addDaysNo: 1 };
  const originals = [timeslot(21, '2026-11-24'), timeslot(22, '2026-12-01'), timeslot(23, '2026-12-08')];
  const repeated = repeatOriginals(
    schedule('2026-11-21', { plan, originals, timeslots: originals }),
    new Set([22, 23]),
  );
  expect(
    repeated.changes.creates.map(({ startMs, repetitionOfId }) => [dateOf(ZONE, startMs), repetitionOfId]),
  ).toEqual([
    ['2026-12-02', 22],
    ['2026-12-09', 23],
  ]);
});

test('N7 planning day by day comes to what planning at once does', () => {
  const plans: readonly SchedulePlan[] = [
    weekly,
    { ...weekly, rrule: { ...weekly.rrule, interval: 3 } },
    { ...weekly, rrule: { freq: 'daily', interval: 2, bySetPos: null, byWeekdays: 'business-days' } },
    { ...weekly, rrule: { freq: 'monthly', interval: 2, bySetPos: 5, byWeekdays: 'all' } },
    { ...weekly, rrule: { freq: 'monthly', interval: 1, bySetPos: -1, byWeekdays: 'all' }, addDaysNo: 2 },
  ];
  for (const plan of plans) {
    const days = Array.from({ length: 90 }, (_, day) => dateOf(ZONE, Date.UTC(2026, 10, 22 + day, 12)));
    let plannedUntil = '2027-11-21';
    const daily = days.flatMap((today) => {
      const rolled = rollSchedule(schedule(today, { plan, plannedUntil }));
      ({ plannedUntil } = rolled);
      return datesOf(rolled);
    });
    expect(daily).toEqual(datesOf(rollSchedule(schedule(days.at(-1) ?? '', { plan }))));
  }
});
