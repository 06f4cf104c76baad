// What follows when one timeslot is moved or deleted by hand.
import type { Timeslot } from '../program.ts';
import type { TimeslotChanges } from '../schedule/timeslot-changes.ts';
import type { Interval } from '../time/interval.ts';

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

/**
 * `timeslots`: those that overlap the new interval, and the repetitions of this one, ascending. A repetition that would
 * no longer begin after its original is deleted. Throws TimeslotOverlapError.
 */
export function moveTimeslot(_timeslot: Timeslot, _to: Interval, _timeslots: readonly Timeslot[]): TimeslotChanges {
  throw new Error('There are no changes yet.');
}

/** `timeslots`: the repetitions of the deleted ones. They go with their originals. */
export function deleteTimeslots(_ids: readonly number[], _timeslots: readonly Timeslot[]): TimeslotChanges {
  throw new Error('There are no changes yet.');
}
