// What a solution leaves of the two that collide. Pieces are never empty, and no piece of one overlaps a piece of the
// other.
import type { Interval } from '../time/interval.ts';
import type { Solution } from './overlap.ts';

/** What is broadcast of the projected timeslot, ascending. `collisions` is not empty. */
export function projectedPieces(
  projected: Interval,
  collisions: readonly Interval[],
  solution: Solution,
): readonly Interval[] {
  const [existing] = collisions;
  switch (solution) {
    case 'theirs':
      return [];
    case 'ours':
    case 'ours-start':
    case 'ours-end':
    case 'ours-both':
      return [projected];
    case 'theirs-end':
      return existing === undefined ? [projected] : before(projected, existing);
    case 'theirs-start':
      return existing === undefined ? [projected] : after(projected, existing);
    case 'theirs-both':
      return existing === undefined ? [projected] : [...before(projected, existing), ...after(projected, existing)];
  }
}

/** What stays of a timeslot that is there, or of a piece of it, ascending. */
export function existingPieces(existing: Interval, projected: Interval, solution: Solution): readonly Interval[] {
  switch (solution) {
    case 'theirs':
    case 'theirs-start':
    case 'theirs-end':
    case 'theirs-both':
      return [existing];
    case 'ours':
      return [];
    case 'ours-start':
      return before(existing, projected);
    case 'ours-end':
      return after(existing, projected);
    case 'ours-both':
      return [...before(existing, projected), ...after(existing, projected)];
  }
}

function before(cut: Interval, other: Interval): readonly Interval[] {
  return nonEmpty({ startMs: cut.startMs, endMs: Math.min(cut.endMs, other.startMs) });
}

function after(cut: Interval, other: Interval): readonly Interval[] {
  return nonEmpty({ startMs: Math.max(cut.startMs, other.endMs), endMs: cut.endMs });
}

function nonEmpty(interval: Interval): readonly Interval[] {
  return interval.startMs < interval.endMs ? [interval] : [];
}
