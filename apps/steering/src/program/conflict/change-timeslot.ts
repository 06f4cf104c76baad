// What follows when timeslots are moved or deleted by hand.
import type { Timeslot } from '../program.ts';
import { withFollowers } from '../schedule/follow-originals.ts';
import { noTimeslotChanges, type TimeslotChanges } from '../schedule/timeslot-changes.ts';
import { isSameInterval, overlaps, type Interval } from '../time/interval.ts';

/** Where a timeslot was to go, something else is. */
export class TimeslotOverlapError extends Error {
  override readonly name = 'TimeslotOverlapError';
  readonly code = 'timeslot-overlap';
  readonly collisions: readonly Timeslot[];

  constructor(collisions: readonly Timeslot[]) {
    super('There are other timeslots at that time. Move or delete those first, or choose another time.');
    this.collisions = collisions;
  }
}

/** A repetition was to begin before what it repeats has ended. */
export class RepetitionTooEarlyError extends Error {
  override readonly name = 'RepetitionTooEarlyError';
  readonly code = 'repetition-too-early';

  constructor() {
    super('A repetition begins after its original has ended. Choose a later time.');
  }
}

/**
 * `timeslots`, in any order: those that overlap the new interval, the repetitions of this one, and what this one
 * repeats. `to` has no problems (plan-problems.ts). A repetition that would no longer begin after its original is
 * deleted. Throws TimeslotOverlapError and RepetitionTooEarlyError.
 */
export function moveTimeslot(timeslot: Timeslot, to: Interval, timeslots: readonly Timeslot[]): TimeslotChanges {
  if (isSameInterval(timeslot, to)) return noTimeslotChanges;
  const collisions = timeslots.filter((other) => other.id !== timeslot.id && overlaps(other, to));
  if (collisions.length > 0) throw new TimeslotOverlapError(collisions);
  const original = timeslots.find(({ id }) => id === timeslot.repetitionOfId);
  if (original !== undefined && to.startMs < original.endMs) throw new RepetitionTooEarlyError();
  const move = { id: timeslot.id, startMs: to.startMs, endMs: to.endMs };
  return withFollowers({ ...noTimeslotChanges, moves: [move] }, timeslots);
}

/** `timeslots`: the repetitions of the deleted ones, in any order. They go with their originals. */
export function deleteTimeslots(ids: readonly number[], timeslots: readonly Timeslot[]): TimeslotChanges {
  return withFollowers({ ...noTimeslotChanges, deletes: ids }, timeslots);
}
