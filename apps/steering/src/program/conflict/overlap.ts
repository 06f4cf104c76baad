// How a projected timeslot and one that is there can overlap, and what may be done about it.
import type { Interval } from '../time/interval.ts';

/**
 * `theirs` leaves what is there and gives up the projected timeslot, `ours` makes the projected one and deletes what is
 * there. With `-start`, `-end`, `-both` nothing is given up whole: the side that is named begins later, ends earlier, or
 * goes on around the other in two pieces.
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

export function overlapOf(projected: Interval, existing: Interval): Overlap {
  const startsBefore = projected.startMs < existing.startMs;
  const endsAfter = projected.endMs > existing.endMs;
  if (startsBefore && projected.endMs < existing.endMs) return 'before';
  if (endsAfter && projected.startMs > existing.startMs) return 'after';
  if (startsBefore || endsAfter) return 'around';
  return projected.startMs > existing.startMs || projected.endMs < existing.endMs ? 'inside' : 'same';
}

/** The solutions that leave nothing empty. With several collisions a whole one has to go: only `theirs` and `ours`. */
export function solutionChoices(projected: Interval, collisions: readonly Interval[]): readonly Solution[] {
  const [existing, ...others] = collisions;
  if (existing === undefined) return [];
  return others.length > 0 ? ['theirs', 'ours'] : ['theirs', 'ours', ...partialChoices(projected, existing)];
}

function partialChoices(projected: Interval, existing: Interval): readonly Solution[] {
  switch (overlapOf(projected, existing)) {
    case 'before':
      return ['theirs-end', 'ours-end'];
    case 'after':
      return ['theirs-start', 'ours-start'];
    case 'around':
      return sides('theirs', projected, existing);
    case 'inside':
      return sides('ours', existing, projected);
    case 'same':
      return [];
  }
}

/** What may become of `outer`, which `whose` names, with `inner` inside it: its end after it, its start before it, or both. */
function sides(whose: 'theirs' | 'ours', outer: Interval, inner: Interval): readonly Solution[] {
  const hasHead = outer.startMs < inner.startMs;
  const hasTail = outer.endMs > inner.endMs;
  // `theirs-end` is the head of the projected one, but `ours-end` the tail of the existing one: see apply-solution.ts.
  const head: Solution = whose === 'theirs' ? 'theirs-end' : 'ours-start';
  const tail: Solution = whose === 'theirs' ? 'theirs-start' : 'ours-end';
  if (hasHead && hasTail) return [tail, head, `${whose}-both`];
  return [hasTail ? tail : head];
}
