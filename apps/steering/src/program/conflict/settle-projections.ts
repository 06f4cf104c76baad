// The second step of planning: what is created, moved and deleted once every collision has its solution.
import type { Timeslot } from '../program.ts';
import type { TimeslotChanges } from '../schedule/timeslot-changes.ts';
import { isSameInterval, type Interval } from '../time/interval.ts';
import { existingPieces, projectedPieces } from './apply-solution.ts';
import type { Projection } from './projection.ts';

/** A timeslot of the schedule itself that projected ones take the place of, and the date it begins on. */
export type Replaced = { readonly timeslot: Timeslot; readonly date: string };

/**
 * Every projection with collisions has a solution. A projected timeslot takes over the replaced one that begins on its
 * date and repeats the same, with its id, media, episode and memo; replaced ones that none takes over are deleted.
 * `scheduleId` is null for a new schedule.
 */
export function settleProjections(
  projections: readonly Projection[],
  replaced: readonly Replaced[],
  scheduleId: number | null,
): TimeslotChanges {
  // Reversed, so that of several on one date the first is taken over.
  const heirs = new Map(replaced.toReversed().map(({ timeslot, date }) => [keyOf(date, timeslot), timeslot]));
  const takenOver = new Set<number>();
  const own = projections.map((projection) => {
    const heir = heirs.get(keyOf(projection.occurrence.date, projection.occurrence));
    if (heir === undefined) return createdOf(projection, scheduleId);
    takenOver.add(heir.id);
    return reshaped(heir, piecesOf(projection));
  });
  const deletes = replaced.map(({ timeslot }) => timeslot.id).filter((id) => !takenOver.has(id));
  return merged([...cutsOf(projections), ...own, { creates: [], moves: [], deletes }]);
}

function keyOf(date: string, { repetitionOfId }: { readonly repetitionOfId: number | null }): string {
  return `${date} ${repetitionOfId}`;
}

function piecesOf({ projected, solution }: Projection): readonly Interval[] {
  return solution === null ? [projected] : projectedPieces(projected, projected.collisions, solution);
}

function createdOf(projection: Projection, scheduleId: number | null): TimeslotChanges {
  const { repetitionOfId } = projection.occurrence;
  const content = { scheduleId, episodeId: null, mediaId: null, memo: '', repetitionOfId };
  const creates = piecesOf(projection).map(({ startMs, endMs }) => ({ ...content, startMs, endMs }));
  return { creates, moves: [], deletes: [] };
}

/** What becomes of the timeslots in the way: each is cut by all the projected ones that it collides with. */
function cutsOf(projections: readonly Projection[]): readonly TimeslotChanges[] {
  const cuts = new Map<number, { readonly timeslot: Timeslot; readonly pieces: readonly Interval[] }>();
  for (const { projected, solution } of projections) {
    if (solution === null) continue;
    for (const timeslot of projected.collisions) {
      const pieces = cuts.get(timeslot.id)?.pieces ?? [timeslot];
      cuts.set(timeslot.id, {
        timeslot,
        pieces: pieces.flatMap((piece) => existingPieces(piece, projected, solution)),
      });
    }
  }
  return [...cuts.values()].map(({ timeslot, pieces }) => reshaped(timeslot, pieces));
}

/** The first piece stays the timeslot that it was, further ones are copies of it; without any it is deleted. */
function reshaped(timeslot: Timeslot, [first, ...others]: readonly Interval[]): TimeslotChanges {
  if (first === undefined) return { creates: [], moves: [], deletes: [timeslot.id] };
  const { id, ...content } = timeslot;
  return {
    creates: others.map(({ startMs, endMs }) => ({ ...content, startMs, endMs })),
    moves: isSameInterval(first, timeslot) ? [] : [{ id, startMs: first.startMs, endMs: first.endMs }],
    deletes: [],
  };
}

function merged(changes: readonly TimeslotChanges[]): TimeslotChanges {
  return {
    creates: changes.flatMap(({ creates }) => creates),
    moves: changes.flatMap(({ moves }) => moves),
    deletes: changes.flatMap(({ deletes }) => deletes),
  };
}
