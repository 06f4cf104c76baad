// The program of a span of time as entries: timeslots, and between them the fallback show (P1 to P5 of the README).
import { found } from '../incomplete-program-error.ts';
import type { Program, Timeslot } from '../program.ts';
import { overlaps, type Interval } from '../time/interval.ts';
import { midnightAfter, midnightBefore } from '../time/local-time.ts';
import { overlapping } from '../time/overlapping.ts';
import { effectiveMediaId, fallbackMediaId } from './effective-media.ts';
import { gapsBetween } from './gaps.ts';

/** `timeslot` is null for a virtual entry: a gap, or its part of one day, that the fallback show fills. */
export type ProgramEntry = Interval & {
  readonly showId: number;
  readonly mediaId: number | null;
  readonly timeslot: Timeslot | null;
};

/**
 * The whole days of the station that the window touches. A Program has to hold all timeslots that overlap them, so that
 * the entries of the window are right: a gap may reach from midnight to midnight. The window is not empty.
 */
export function scopeOf(zone: string, { startMs, endMs }: Interval): Interval {
  return { startMs: midnightBefore(zone, startMs), endMs: midnightAfter(zone, endMs - 1) };
}

/**
 * The entries that overlap the window, ascending; the program holds all timeslots of scopeOf(window). Neither timeslots
 * nor virtual entries are clipped to the window, so that an entry is the same in every window that shows it. Without a
 * fallback show there are no virtual entries. Throws IncompleteProgramError.
 */
export function entriesOf(program: Program, window: Interval): readonly ProgramEntry[] {
  if (window.endMs <= window.startMs) return [];
  const scope = scopeOf(program.zone, window);
  const timeslots = overlapping(program.timeslots, scope);
  const entries = timeslots.map((timeslot) => timeslotEntry(program, timeslot));
  return [...entries, ...virtualEntries(program, timeslots, scope)]
    .filter((entry) => overlaps(entry, window))
    .toSorted((left, right) => left.startMs - right.startMs);
}

/** Throws IncompleteProgramError. */
export function timeslotEntry(program: Program, timeslot: Timeslot): ProgramEntry {
  return {
    startMs: timeslot.startMs,
    endMs: timeslot.endMs,
    showId: found(program.schedules, 'schedule', timeslot.scheduleId).showId,
    mediaId: effectiveMediaId(program, timeslot),
    timeslot,
  };
}

function virtualEntries(program: Program, timeslots: readonly Timeslot[], scope: Interval): readonly ProgramEntry[] {
  const { fallbackShowId: showId, zone } = program;
  if (showId === null) return [];
  const mediaId = fallbackMediaId(program);
  return gapsBetween(timeslots, zone, scope).map((gap) => ({ ...gap, showId, mediaId, timeslot: null }));
}
