// What is to be done with the timeslots of a station: the outcome of planning, for the store to do all or nothing.
import type { Timeslot } from '../program.ts';
import type { Interval } from '../time/interval.ts';

/** `scheduleId` is null for the schedule that is just being made. */
export type NewTimeslot = Omit<Timeslot, 'id' | 'scheduleId'> & { readonly scheduleId: number | null };

export type TimeslotMove = Interval & { readonly id: number };

/** Deletes come first, then moves, then creates; only then nothing overlaps. No id is in both moves and deletes. */
export type TimeslotChanges = {
  readonly creates: readonly NewTimeslot[];
  readonly moves: readonly TimeslotMove[];
  readonly deletes: readonly number[];
};

export const noTimeslotChanges: TimeslotChanges = { creates: [], moves: [], deletes: [] };
