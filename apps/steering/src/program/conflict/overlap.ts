// How a projected timeslot and one that is there can overlap, and what may be done about it.
import type { Interval } from '../time/interval.ts';

/**
 * `theirs` leaves what is there as it is:
 *   `theirs` gives the projected timeslot up, `theirs-end` ends it where the other begins, `theirs-start` begins it
 *   where the other ends, `theirs-both` makes two of it, around the other.
 * `ours` makes the projected timeslot as it is:
 *   `ours` deletes what is there, `ours-start` ends it where the projected one begins, `ours-end` begins it where the
 *   projected one ends, `ours-both` makes two of it, around the projected one.
 */
export const solutions = [
  'theirs',
  'ours',
  'theirs-start',
  'theirs-end',
  'theirs-both',
  'ours-start',
  'ours-end',
  'ours-both',
] as const;
export type Solution = (typeof solutions)[number];

/** Where the projected timeslot lies, seen from the one that is there. */
export type Overlap = 'before' | 'after' | 'around' | 'inside' | 'same';

/** Both overlap. With one edge in common, the longer is around the shorter. */
export function overlapOf(projected: Interval, existing: Interval): Overlap {
  const start = Math.sign(projected.startMs - existing.startMs);
  const end = Math.sign(projected.endMs - existing.endMs);
  if (start === 0 && end === 0) return 'same';
  if (start <= 0 && end >= 0) return 'around';
  if (start >= 0 && end <= 0) return 'inside';
  return start < 0 ? 'before' : 'after';
}

/**
 * The solutions of a collision that leave nothing empty. With several collisions something has to go whole: only
 * `theirs` and `ours`. Without any there is nothing to solve.
 */
export function solutionChoices(projected: Interval, collisions: readonly Interval[]): readonly Solution[] {
  const [existing, ...others] = collisions;
  if (existing === undefined) return [];
  return others.length > 0 ? ['theirs', 'ours'] : ['theirs', 'ours', ...partialSolutions(projected, existing)];
}

function partialSolutions(projected: Interval, existing: Interval): readonly Solution[] {
  switch (overlapOf(projected, existing)) {
    case 'before':
      return ['theirs-end', 'ours-end'];
    case 'after':
      return ['theirs-start', 'ours-start'];
    case 'around':
      return chosen(projected, existing, ['theirs-end', 'theirs-start', 'theirs-both']);
    case 'inside':
      return chosen(existing, projected, ['ours-start', 'ours-end', 'ours-both']);
    case 'same':
      return [];
  }
}

/** Of the ways to keep the part of `outer` before `inner`, the part after it, or both, those that keep something. */
function chosen(
  outer: Interval,
  inner: Interval,
  [before, after, both]: readonly [Solution, Solution, Solution],
): readonly Solution[] {
  if (outer.startMs === inner.startMs) return [after];
  return outer.endMs === inner.endMs ? [before] : [before, after, both];
}
