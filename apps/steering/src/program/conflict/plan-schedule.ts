// The two steps in which a schedule gets its timeslots: without solutions its collisions are answered, with them either
// everything is planned or nothing.
import type { Timeslot } from '../program.ts';
import type { SchedulePlan } from '../schedule/schedule-plan.ts';
import type { TimeslotChanges } from '../schedule/timeslot-changes.ts';
import type { Interval } from '../time/interval.ts';
import type { Solution } from './overlap.ts';

export type ScheduleRequest = {
  readonly zone: string;
  readonly nowMs: number;
  readonly plan: SchedulePlan;
  /** The schedule as it is; null for a new one. `plannedUntil` is what the last outcome said. */
  readonly current: { readonly id: number; readonly plan: SchedulePlan; readonly plannedUntil: string } | null;
  /** Every timeslot of the station that ends after now, ascending, and every repetition of one of those. */
  readonly timeslots: readonly Timeslot[];
  /** Every timeslot of the schedule that `plan` repeats, ascending; empty when it repeats none. */
  readonly originals: readonly Timeslot[];
  /** By hash of a projected timeslot. */
  readonly solutions: Readonly<Record<string, Solution>>;
};

/** `hash` names the projected timeslot and everything it collides with as they are now. */
export type ProjectedTimeslot = Interval & {
  readonly hash: string;
  readonly collisions: readonly Timeslot[];
  readonly solutionChoices: readonly Solution[];
  /** What is wrong with its solution; null when nothing is. */
  readonly error: 'no-solution' | 'solution-not-allowed' | null;
};

/** `plannedUntil`: the last date of the rule for which there are timeslots now; kept with the schedule. */
export type ScheduleOutcome =
  | { readonly outcome: 'planned'; readonly changes: TimeslotChanges; readonly plannedUntil: string }
  | {
      readonly outcome: 'conflict';
      readonly projected: readonly ProjectedTimeslot[];
      /** Hashes of solutions for which there is no such collision (any more). */
      readonly staleHashes: readonly string[];
    };

/** The plan has no problems (plan-problems.ts). */
export function planSchedule(_request: ScheduleRequest): ScheduleOutcome {
  throw new Error('There is no plan yet.');
}
