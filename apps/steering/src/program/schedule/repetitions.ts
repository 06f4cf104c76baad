// Which timeslot each occurrence of a repetition schedule repeats. Where there is nothing to repeat, there is no
// repetition: a gap in the original is a gap in the repetition.
import type { Timeslot } from '../program.ts';
import { addDays } from '../time/calendar-date.ts';
import { dateOf } from '../time/local-time.ts';
import { occurrencesOf, type Occurrence } from './occurrences.ts';
import type { Recurrence, SchedulePlan } from './schedule-plan.ts';

/** `repetitionOfId` is null when the schedule repeats none. */
export type PlannedOccurrence = Occurrence & { readonly repetitionOfId: number | null };

/**
 * The occurrences as occurrencesOf gives them, of a repetition schedule only those that have something to repeat: with
 * `addDaysNo` what the original broadcast on the date of the rule, without it the last that ended since the occurrence
 * before. `originals` are all timeslots of the original schedule, ascending.
 */
export function plannedOccurrences(
  plan: SchedulePlan,
  { zone, from, until, originals }: PlanningRange,
): readonly PlannedOccurrence[] {
  if (plan.repetitionOfId === null) {
    return occurrencesOf(plan, zone, from, until).map((occurrence) => ({ ...occurrence, repetitionOfId: null }));
  }
  if (plan.addDaysNo > 0) return repetitionsByDate(occurrencesOf(plan, zone, from, until), originals, zone);
  const reachingBack = occurrencesOf(plan, zone, addDays(from, -reachBackDays(plan.rrule)), until);
  return repetitionsByOrder(reachingBack, originals).filter(({ ruleDate }) => ruleDate >= from);
}

export type PlanningRange = {
  readonly zone: string;
  readonly from: string;
  readonly until: string;
  readonly originals: readonly Timeslot[];
};

function repetitionsByDate(
  occurrences: readonly Occurrence[],
  originals: readonly Timeslot[],
  zone: string,
): readonly PlannedOccurrence[] {
  // The first of a date wins: what follows it there is the rest of one that was split.
  const byDate = new Map(originals.toReversed().map((original) => [dateOf(zone, original.startMs), original]));
  return occurrences.flatMap((occurrence) => {
    const original = byDate.get(occurrence.ruleDate);
    return original !== undefined && original.endMs <= occurrence.startMs
      ? [{ ...occurrence, repetitionOfId: original.id }]
      : [];
  });
}

function repetitionsByOrder(
  occurrences: readonly Occurrence[],
  originals: readonly Timeslot[],
): readonly PlannedOccurrence[] {
  let next = 0;
  return occurrences.flatMap((occurrence) => {
    let last: Timeslot | undefined;
    for (; (originals[next]?.endMs ?? Infinity) <= occurrence.startMs; next += 1) last = originals[next];
    return last === undefined ? [] : [{ ...occurrence, repetitionOfId: last.id }];
  });
}

/** How many days before a date the rule's date before it is at most. Fifth weekdays are up to five months apart. */
function reachBackDays({ freq, interval }: Recurrence): number {
  switch (freq) {
    case 'once':
      return 0;
    case 'daily':
      return 7 * interval;
    case 'weekly':
      return 7 * interval;
    case 'monthly':
      return 5 * 31 * interval;
  }
}
