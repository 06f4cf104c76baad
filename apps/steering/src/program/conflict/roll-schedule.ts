// How the service itself plans a schedule without a last date further: day by day, a year ahead.
import type { Timeslot } from '../program.ts';
import type { SchedulePlan } from '../schedule/schedule-plan.ts';
import type { TimeslotChanges } from '../schedule/timeslot-changes.ts';
import type { Interval } from '../time/interval.ts';

export type RollingSchedule = {
  readonly zone: string;
  readonly nowMs: number;
  readonly id: number;
  readonly plan: SchedulePlan;
  readonly plannedUntil: string;
  /** Every timeslot of the station from `plannedUntil` on, ascending. */
  readonly timeslots: readonly Timeslot[];
  /** Every timeslot of the schedule that `plan` repeats, ascending. */
  readonly originals: readonly Timeslot[];
};

/** `givenUp`: what was not made, because something else is there already and nobody can be asked. */
export type Rolled = {
  readonly changes: TimeslotChanges;
  readonly plannedUntil: string;
  readonly givenUp: readonly Interval[];
};

/** Nothing to do (no changes, the same `plannedUntil`) for one that ends, or that was rolled today. */
export function rollSchedule(_schedule: RollingSchedule): Rolled {
  throw new Error('There is no plan yet.');
}
