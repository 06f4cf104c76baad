// What the service plans itself, without anybody to ask: a schedule without a last date a year ahead, day by day, and
// the repetitions of new originals. Where something is already, that stays.
import type { Timeslot } from '../program.ts';
import { plannedOccurrences, type PlannedOccurrence } from '../schedule/repetitions.ts';
import { plannedUntilOf } from '../schedule/rolling-year.ts';
import type { SchedulePlan } from '../schedule/schedule-plan.ts';
import type { TimeslotChanges } from '../schedule/timeslot-changes.ts';
import { addDays } from '../time/calendar-date.ts';
import type { Interval } from '../time/interval.ts';
import { dateOf } from '../time/local-time.ts';
import { firstDateInSight } from './plan-schedule.ts';
import { projectOccurrence } from './projection.ts';
import { settleProjections } from './settle-projections.ts';

export type RollingSchedule = {
  readonly zone: string;
  readonly nowMs: number;
  readonly id: number;
  readonly plan: SchedulePlan;
  readonly plannedUntil: string;
  /** Every timeslot of the station that ends after now and after `plannedUntil` begins, ascending. */
  readonly timeslots: readonly Timeslot[];
  /** Every timeslot of the schedule that `plan` repeats, ascending; empty when it repeats none. */
  readonly originals: readonly Timeslot[];
};

/** `givenUp`: what was not created, because something else is there. */
export type Rolled = {
  readonly changes: TimeslotChanges;
  readonly plannedUntil: string;
  readonly givenUp: readonly Interval[];
};

/** Nothing to do (no changes, the same `plannedUntil`) for a schedule that ends, or that was rolled today. */
export function rollSchedule(schedule: RollingSchedule): Rolled {
  const { zone, nowMs, plan, plannedUntil, originals } = schedule;
  const until = plannedUntilOf(plan, dateOf(zone, nowMs));
  if (until <= plannedUntil) return { ...created(schedule, []), plannedUntil };
  const occurrences = plannedOccurrences(plan, { zone, from: addDays(plannedUntil, 1), until, originals });
  return { ...created(schedule, occurrences), plannedUntil: until };
}

/**
 * The repetitions of new timeslots (`newOriginalIds`, all in `originals`) of the schedule that this one repeats, as far
 * as this one is planned. `timeslots` are those of the station that end after now, the new ones among them.
 */
export function repeatOriginals(schedule: RollingSchedule, newOriginalIds: ReadonlySet<number>): Rolled {
  const { zone, nowMs, plan, plannedUntil: until, originals } = schedule;
  const from = firstDateInSight(plan, dateOf(zone, nowMs));
  const occurrences = plannedOccurrences(plan, { zone, from, until, originals }).filter(
    ({ repetitionOfId }) => repetitionOfId !== null && newOriginalIds.has(repetitionOfId),
  );
  return { ...created(schedule, occurrences), plannedUntil: until };
}

function created(
  { nowMs, id, timeslots }: RollingSchedule,
  occurrences: readonly PlannedOccurrence[],
): Omit<Rolled, 'plannedUntil'> {
  const projections = occurrences
    .filter(({ endMs }) => endMs > nowMs)
    .map((occurrence) => projectOccurrence(occurrence, timeslots, {}));
  const free = projections.filter(({ projected }) => projected.collisions.length === 0);
  const givenUp = projections
    .filter(({ projected }) => projected.collisions.length > 0)
    .map(({ projected: { startMs, endMs } }) => ({ startMs, endMs }));
  return { changes: settleProjections(free, [], id), givenUp };
}
