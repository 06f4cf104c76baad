// Nothing in the program may grow with all that is planned. Bounds in CPU time, ten times what a service needs: Jest's
// isolation makes Temporal several times slower. The best of some runs counts, so that a busy machine makes no difference.
import { expect, test } from '@jest/globals';
import { at, programOf } from '../../test/support/program.ts';
import { decideOnChange } from './change/decide-messages.ts';
import { planSchedule } from './conflict/plan-schedule.ts';
import { playoutOf } from './playout/playout.ts';
import type { Timeslot } from './program.ts';
import { occurrencesOf } from './schedule/occurrences.ts';
import type { SchedulePlan } from './schedule/schedule-plan.ts';

const HOUR_MS = 3_600_000;
const BEGIN_MS = at('2026-11-21 00:00');

/** Hour after hour, every fifth followed by half an hour of nothing. */
const manyTimeslots: readonly Timeslot[] = Array.from({ length: 10_000 }, (_, index) => ({
  id: index + 1,
  scheduleId: index % 2 === 0 ? 10 : 20,
  startMs: BEGIN_MS + index * HOUR_MS,
  endMs: BEGIN_MS + (index + (index % 5 === 0 ? 0.5 : 1)) * HOUR_MS,
  episodeId: null,
  mediaId: index % 3 === 0 ? 5 : null,
  memo: '',
  repetitionOfId: null,
}));

const daily: SchedulePlan = {
  rrule: { freq: 'daily', interval: 1, bySetPos: null, byWeekdays: 'all' },
  firstDate: '2026-11-21',
  lastDate: null,
  startTime: '20:00:00',
  endTime: '21:00:00',
  repetitionOfId: null,
  addDaysNo: 0,
  addBusinessDaysOnly: false,
};
const weekly: SchedulePlan = { ...daily, rrule: { ...daily.rrule, freq: 'weekly' } };

function bestCpuMs(work: () => unknown): number {
  const times = Array.from({ length: 8 }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

test('24 hours of playout among 10,000 timeslots cost as much as among few', () => {
  const program = programOf({ timeslots: manyTimeslots, fallbackShowId: 9 });
  const startMs = BEGIN_MS + 5_000.1 * HOUR_MS;
  expect(bestCpuMs(() => playoutOf(program, { startMs, endMs: startMs + 24 * HOUR_MS }))).toBeLessThanOrEqual(10);
});

test('what is told of a new weekly schedule is decided at once', () => {
  const near = manyTimeslots.slice(0, 72);
  const weeks = manyTimeslots.slice(0, 52).map((timeslot, week) => ({
    ...timeslot,
    id: 20_000 + week,
    startMs: BEGIN_MS + (100 + week * 168) * HOUR_MS,
    endMs: BEGIN_MS + (101 + week * 168) * HOUR_MS,
  }));
  const before = programOf({ timeslots: near, fallbackShowId: 9 });
  const after = programOf({ timeslots: [...near, ...weeks], fallbackShowId: 9 });
  const moment = { nowMs: BEGIN_MS, toldUntilMs: BEGIN_MS };
  expect(decideOnChange(before, after, moment).weeks).toHaveLength(52);
  expect(bestCpuMs(() => decideOnChange(before, after, moment))).toBeLessThanOrEqual(50);
});

test('a year of days is computed at once, and a weekly schedule planned among 10,000 timeslots', () => {
  expect(bestCpuMs(() => occurrencesOf(daily, 'Europe/Vienna', '2026-11-21', '2027-11-20'))).toBeLessThanOrEqual(100);
  const request = { zone: 'Europe/Vienna', nowMs: BEGIN_MS, plan: weekly, current: null, originals: [], solutions: {} };
  expect(bestCpuMs(() => planSchedule({ ...request, timeslots: manyTimeslots }))).toBeLessThanOrEqual(100);
});
