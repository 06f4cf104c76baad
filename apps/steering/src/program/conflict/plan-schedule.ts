// The two steps in which a schedule gets its timeslots: without solutions its collisions are answered, with them either
// everything is planned or nothing. The promises N1 to N6 of the README are kept here.
import type { Timeslot } from '../program.ts';
import { withFollowers } from '../schedule/follow-originals.ts';
import { movedDate } from '../schedule/occurrences.ts';
import { plannedOccurrences } from '../schedule/repetitions.ts';
import { plannedUntilOf } from '../schedule/rolling-year.ts';
import type { SchedulePlan } from '../schedule/schedule-plan.ts';
import type { TimeslotChanges } from '../schedule/timeslot-changes.ts';
import { addDays } from '../time/calendar-date.ts';
import { dateOf } from '../time/local-time.ts';
import type { Solution } from './overlap.ts';
import { projectOccurrence, type ProjectedTimeslot } from './projection.ts';
import { settleProjections, type Replaced } from './settle-projections.ts';

export type ScheduleRequest = {
  readonly zone: string;
  readonly nowMs: number;
  readonly plan: SchedulePlan;
  /** The schedule as it is; null for a new one. `plannedUntil` is what the last outcome said. */
  readonly current: { readonly id: number; readonly plan: SchedulePlan; readonly plannedUntil: string } | null;
  /** Every timeslot of the station that ends after now, ascending. */
  readonly timeslots: readonly Timeslot[];
  /** Every timeslot of the schedule that `plan` repeats, ascending; empty when it repeats none. */
  readonly originals: readonly Timeslot[];
  /** By hash of a projected timeslot. */
  readonly solutions: Readonly<Record<string, Solution>>;
};

/** `plannedUntil`: the last date of the rule for which there are timeslots now; to be kept with the schedule. */
export type ScheduleOutcome =
  | { readonly outcome: 'planned'; readonly changes: TimeslotChanges; readonly plannedUntil: string }
  | {
      readonly outcome: 'conflict';
      readonly projected: readonly ProjectedTimeslot[];
      /** Hashes of solutions for which there is no such collision, or not any more. */
      readonly staleHashes: readonly string[];
    };

/** The plan has no problems (plan-problems.ts). What is over is neither projected nor changed. */
export function planSchedule(request: ScheduleRequest): ScheduleOutcome {
  const { zone, nowMs, plan, current, timeslots, originals, solutions } = request;
  const until = plannedUntilOf(plan, dateOf(zone, nowMs));
  const { from, replaced } = scopeOfPlanning(request, until);
  const own = new Set(replaced.map(({ timeslot }) => timeslot.id));
  const others = timeslots.filter(({ id }) => !own.has(id));
  const projections = plannedOccurrences(plan, { zone, from, until, originals })
    .filter(({ endMs }) => endMs > nowMs)
    .map((occurrence) => projectOccurrence(occurrence, others, solutions));
  const projected = projections.map((projection) => projection.projected);
  const asked = new Set(projected.filter(({ collisions }) => collisions.length > 0).map(({ hash }) => hash));
  const staleHashes = Object.keys(solutions).filter((hash) => !asked.has(hash));
  if (staleHashes.length > 0 || projected.some(({ error }) => error !== null)) {
    return { outcome: 'conflict', projected, staleHashes };
  }
  const changes = settleProjections(projections, replaced, current?.id ?? null);
  return { outcome: 'planned', changes: withFollowers(changes, timeslots), plannedUntil: until };
}

/** From which date of the rule on it is planned anew, and what that replaces. */
function scopeOfPlanning(
  { zone, nowMs, plan, current, timeslots }: ScheduleRequest,
  until: string,
): { readonly from: string; readonly replaced: readonly Replaced[] } {
  const own = timeslots
    .filter(({ scheduleId }) => scheduleId === current?.id)
    .map((timeslot) => ({ timeslot, date: dateOf(zone, timeslot.startMs) }));
  if (current !== null && isSameButForTheEnd(current.plan, plan)) {
    // What was moved or deleted by hand stays so, also behind the end, unless that is earlier now.
    const lastDate = until < current.plannedUntil ? movedDate(plan, until) : null;
    const isBehind = ({ date }: Replaced): boolean => lastDate !== null && date > lastDate;
    return { from: addDays(current.plannedUntil, 1), replaced: own.filter(isBehind) };
  }
  return { from: firstDateInSight(plan, dateOf(zone, nowMs)), replaced: own };
}

/** No rule's date before it has an occurrence that is not over: business days take at most two for one, and a weekend. */
export function firstDateInSight({ addDaysNo }: SchedulePlan, today: string): string {
  return addDays(today, -(2 * addDaysNo + 4));
}

function isSameButForTheEnd(left: SchedulePlan, right: SchedulePlan): boolean {
  const facts = (plan: SchedulePlan): string =>
    JSON.stringify([
      [plan.rrule.freq, plan.rrule.interval, plan.rrule.bySetPos, plan.rrule.byWeekdays],
      [plan.firstDate, plan.startTime, plan.endTime],
      [plan.repetitionOfId, plan.addDaysNo, plan.addBusinessDaysOnly],
    ]);
  return facts(left) === facts(right);
}
