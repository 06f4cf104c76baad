// The program of a span of time as entries without gaps: timeslots, and between them the fallback show.
import type { Program, Timeslot } from '../program.ts';
import type { Interval } from '../time/interval.ts';

/** `timeslot` is null for a virtual entry: a gap, or its part of one day, that the fallback show fills. */
export type ProgramEntry = Interval & {
  readonly showId: number;
  readonly mediaId: number | null;
  readonly timeslot: Timeslot | null;
};

/** What a Program has to hold all timeslots of, so that the entries of `window` are right: whole days of the station. */
export function scopeOf(_zone: string, window: Interval): Interval {
  return window;
}

/** The entries that overlap the window, ascending. Neither timeslots nor virtual entries are clipped to it. */
export function entriesOf(_program: Program, _window: Interval): readonly ProgramEntry[] {
  return [];
}
