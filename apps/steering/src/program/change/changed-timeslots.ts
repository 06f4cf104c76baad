// Which timeslots are no longer what they were to whoever plays the program: other times, another show, other media.
// Titles, names and memos are no part of that, and neither is where the media comes from.
import { timeslotEntry, type ProgramEntry } from '../playout/entries.ts';
import type { Program } from '../program.ts';
import type { Interval } from '../time/interval.ts';

/** The old and the new interval of each that is new, gone or changed. Throws IncompleteProgramError. */
export function changedIntervals(before: Program, after: Program): readonly Interval[] {
  if (before === after) return [];
  const gone = new Map(before.timeslots.map((timeslot) => [timeslot.id, timeslot]));
  const changed: Interval[] = [];
  for (const timeslot of after.timeslots) {
    const old = gone.get(timeslot.id);
    gone.delete(timeslot.id);
    if (old === undefined) changed.push(timeslot);
    else if (!isSameEntry(timeslotEntry(before, old), timeslotEntry(after, timeslot))) changed.push(old, timeslot);
  }
  return [...changed, ...gone.values()];
}

/** Whether two lists of entries play the same at the same times. */
export function areSameEntries(left: readonly ProgramEntry[], right: readonly ProgramEntry[]): boolean {
  return (
    left.length === right.length &&
    left.every((entry, index) => {
      const other = right[index];
      return other !== undefined && isSameEntry(entry, other);
    })
  );
}

function isSameEntry(left: ProgramEntry, right: ProgramEntry): boolean {
  return (
    left.startMs === right.startMs &&
    left.endMs === right.endMs &&
    left.showId === right.showId &&
    left.mediaId === right.mediaId &&
    left.timeslot?.id === right.timeslot?.id
  );
}
