// How far ahead a schedule is planned.
import { addYears } from '../time/calendar-date.ts';
import type { SchedulePlan } from './schedule-plan.ts';

/** The last date of the rule that is planned on the day `today`: the schedule's own, else a year ahead. */
export function plannedUntilOf(plan: SchedulePlan, today: string): string {
  if (plan.rrule.freq === 'once') return plan.firstDate;
  return plan.lastDate ?? addYears(today, 1);
}
