// When a plan broadcasts: its rule's dates, moved by `addDaysNo`, at its times.
import { addBusinessDays, addDays } from '../time/calendar-date.ts';
import type { Interval } from '../time/interval.ts';
import { instantOf } from '../time/local-time.ts';
import { ruleDates } from './rule-dates.ts';
import type { SchedulePlan } from './schedule-plan.ts';

/** `date` is the day it begins on, `ruleDate` the date of the rule that it comes from. */
export type Occurrence = Interval & { readonly date: string; readonly ruleDate: string };

/**
 * The occurrences of the rule's dates from `from` to `until`, both included, ascending. One that a clock change leaves
 * no time for is missing (local-time.ts, L2). When `addDaysNo` moves several dates to one, the last of them counts.
 */
export function occurrencesOf(plan: SchedulePlan, zone: string, from: string, until: string): readonly Occurrence[] {
  const ruleDateOf = new Map<string, string>();
  for (const ruleDate of ruleDates(plan, from, until)) ruleDateOf.set(movedDate(plan, ruleDate), ruleDate);
  return [...ruleDateOf].flatMap(([date, ruleDate]) => {
    const interval = intervalOn(plan, zone, date);
    return interval.startMs < interval.endMs ? [{ ...interval, date, ruleDate }] : [];
  });
}

/** A date of the rule, moved as the plan says: by calendar days, or by business days alone. */
export function movedDate({ addDaysNo, addBusinessDaysOnly }: SchedulePlan, ruleDate: string): string {
  if (addDaysNo === 0) return ruleDate;
  return addBusinessDaysOnly ? addBusinessDays(ruleDate, addDaysNo) : addDays(ruleDate, addDaysNo);
}

function intervalOn({ startTime, endTime }: SchedulePlan, zone: string, date: string): Interval {
  return {
    startMs: instantOf(zone, date, startTime),
    endMs: instantOf(zone, endTime < startTime ? addDays(date, 1) : date, endTime),
  };
}
