// Repetitions follow their originals: what is done to a timeslot decides what becomes of those that repeat it.
import type { Timeslot } from '../program.ts';
import type { TimeslotChanges } from './timeslot-changes.ts';

/**
 * The changes, and what follows from them: a repetition goes with its original, and when it would no longer begin after
 * its original has ended. `timeslots`, in any order, has all repetitions of what is moved or deleted.
 */
export function withFollowers(changes: TimeslotChanges, timeslots: readonly Timeslot[]): TimeslotChanges {
  const moves = new Map(changes.moves.map((move) => [move.id, move]));
  const deletes = new Set(changes.deletes);
  for (const { id, startMs, repetitionOfId } of timeslots) {
    if (repetitionOfId === null) continue;
    const originalEndMs = moves.get(repetitionOfId)?.endMs ?? -Infinity;
    const startsTooEarly = (moves.get(id)?.startMs ?? startMs) < originalEndMs;
    if (deletes.has(repetitionOfId) || startsTooEarly) deletes.add(id);
  }
  return {
    creates: changes.creates.filter(({ repetitionOfId }) => repetitionOfId === null || !deletes.has(repetitionOfId)),
    moves: changes.moves.filter(({ id }) => !deletes.has(id)),
    deletes: [...deletes],
  };
}
