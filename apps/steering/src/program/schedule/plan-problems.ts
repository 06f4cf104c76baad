// What is wrong with a plan, or with a time by hand, although each of its fields is well-formed. All of it is for the
// client to mend. Bounds keep one request from planning, and telling, more than a station can ever need.
import { addYears } from '../time/calendar-date.ts';
import type { Interval } from '../time/interval.ts';
import { dateOf, midnightOf } from '../time/local-time.ts';
import type { Recurrence, SchedulePlan } from './schedule-plan.ts';

/** `field` as in a request's body. */
export type PlanProblem = { readonly field: string; readonly code: string; readonly message: string };

/** How far ahead anything may be planned: ten years of days are 3,653 timeslots. */
export const YEARS_AHEAD_MAX = 10;

/** How long ago a schedule may have begun. */
export const YEARS_BEHIND_MAX = 100;

/** How long one timeslot may be: a week. */
export const TIMESLOT_MS_MAX = 7 * 24 * 60 * 60 * 1000;

const TOO_LATE = `The program is planned ${YEARS_AHEAD_MAX} years ahead at most.`;
const TOO_EARLY = `That is more than ${YEARS_BEHIND_MAX} years ago.`;
const ADD_DAYS_MAX = 366;
const INTERVAL_MAX = 1_000;

/** Everything that is wrong with the plan; empty when nothing is. `today` is the station's date. */
export function planProblems(plan: SchedulePlan, today: string): readonly PlanProblem[] {
  return [...timeProblems(plan), ...dateProblems(plan, today), ...ruleProblems(plan.rrule), ...shiftProblems(plan)];
}

/** Everything that is wrong with a time that somebody chose for a timeslot by hand; fields `start` and `end`. */
export function timeslotProblems({ startMs, endMs }: Interval, zone: string, nowMs: number): readonly PlanProblem[] {
  if (endMs <= startMs) return [problem('end', 'not-after-start', 'A timeslot has to end after it begins.')];
  if (endMs - startMs > TIMESLOT_MS_MAX) return [problem('end', 'too-long', 'A timeslot can take a week at most.')];
  const today = dateOf(zone, nowMs);
  // Instants, not dates: those of years with more than four digits do not sort as texts.
  if (endMs > midnightOf(zone, addYears(today, YEARS_AHEAD_MAX))) return [problem('end', 'too-late', TOO_LATE)];
  if (startMs < midnightOf(zone, addYears(today, -YEARS_BEHIND_MAX))) return [problem('start', 'too-early', TOO_EARLY)];
  return [];
}

function timeProblems({ startTime, endTime }: SchedulePlan): readonly PlanProblem[] {
  if (startTime !== endTime) return [];
  return [problem('endTime', 'zero-length', 'It ends when it begins. One that ends on the next day ends earlier.')];
}

function dateProblems({ rrule, firstDate, lastDate }: SchedulePlan, today: string): readonly PlanProblem[] {
  const problems = reachProblems('firstDate', firstDate, today);
  if (lastDate === null) return problems;
  if (lastDate < firstDate) {
    return [...problems, problem('lastDate', 'before-first-date', 'The last date is before the first.')];
  }
  if (rrule.freq === 'once' && lastDate !== firstDate) {
    return [...problems, problem('lastDate', 'not-for-once', 'What is broadcast once has no other last date.')];
  }
  return [...problems, ...reachProblems('lastDate', lastDate, today)];
}

function reachProblems(field: string, date: string, today: string): readonly PlanProblem[] {
  if (date > addYears(today, YEARS_AHEAD_MAX)) return [problem(field, 'too-late', TOO_LATE)];
  if (date < addYears(today, -YEARS_BEHIND_MAX)) return [problem(field, 'too-early', TOO_EARLY)];
  return [];
}

function ruleProblems({ freq, interval, bySetPos, byWeekdays }: Recurrence): readonly PlanProblem[] {
  const problems: PlanProblem[] = [];
  if (!Number.isInteger(interval) || interval < 1 || interval > INTERVAL_MAX) {
    problems.push(problem('rrule.interval', 'out-of-range', `A whole number from 1 to ${INTERVAL_MAX}.`));
  }
  if (freq === 'monthly' && bySetPos === null) {
    problems.push(
      problem('rrule.bySetPos', 'missing', 'A monthly rule says which such weekday of the month it means.'),
    );
  }
  if (freq !== 'monthly' && bySetPos !== null) {
    problems.push(problem('rrule.bySetPos', 'only-monthly', 'Only a monthly rule has a place in the month.'));
  }
  if (freq !== 'daily' && byWeekdays !== 'all') {
    problems.push(problem('rrule.byWeekdays', 'only-daily', 'Only a daily rule can leave weekdays out.'));
  }
  return problems;
}

function shiftProblems({ addDaysNo }: SchedulePlan): readonly PlanProblem[] {
  if (Number.isInteger(addDaysNo) && addDaysNo >= 0 && addDaysNo <= ADD_DAYS_MAX) return [];
  return [problem('addDaysNo', 'out-of-range', `A whole number from 0 to ${ADD_DAYS_MAX}.`)];
}

function problem(field: string, code: string, message: string): PlanProblem {
  return { field, code, message };
}
