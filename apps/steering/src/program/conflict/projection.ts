// The first step of planning: where the timeslots of a schedule would be, what is there already, and what may be done.
import { createHash } from 'node:crypto';
import type { Timeslot } from '../program.ts';
import type { PlannedOccurrence } from '../schedule/repetitions.ts';
import type { Interval } from '../time/interval.ts';
import { overlapping } from '../time/overlapping.ts';
import { solutionChoices, type Solution } from './overlap.ts';

/** `hash` names the projected timeslot and everything it collides with, as they are now. */
export type ProjectedTimeslot = Interval & {
  readonly hash: string;
  readonly collisions: readonly Timeslot[];
  readonly solutionChoices: readonly Solution[];
  /** What is wrong with its solution; null when nothing is. */
  readonly error: 'no-solution' | 'solution-not-allowed' | null;
};

/** A projected timeslot with its occurrence, and the solution if it has collisions and its solution is one of them. */
export type Projection = {
  readonly occurrence: PlannedOccurrence;
  readonly projected: ProjectedTimeslot;
  readonly solution: Solution | null;
};

/** `others` are the timeslots that may be in the way, ascending. */
export function projectOccurrence(
  occurrence: PlannedOccurrence,
  others: readonly Timeslot[],
  solutions: Readonly<Record<string, Solution>>,
): Projection {
  const { startMs, endMs } = occurrence;
  const collisions = overlapping(others, occurrence);
  const choices = solutionChoices(occurrence, collisions);
  const hash = hashOf(occurrence, collisions);
  const given = Object.hasOwn(solutions, hash) ? solutions[hash] : undefined;
  const error = choices.length === 0 ? null : errorOf(given, choices);
  return {
    occurrence,
    projected: { startMs, endMs, hash, collisions, solutionChoices: choices, error },
    solution: choices.length === 0 || error !== null ? null : (given ?? null),
  };
}

function errorOf(given: Solution | undefined, choices: readonly Solution[]): ProjectedTimeslot['error'] {
  if (given === undefined) return 'no-solution';
  return choices.includes(given) ? null : 'solution-not-allowed';
}

/** 64 bits: enough to tell some thousand situations apart, and short enough to be read. */
function hashOf({ startMs, endMs }: Interval, collisions: readonly Timeslot[]): string {
  const situation = [startMs, endMs, ...collisions.map((timeslot) => [timeslot.id, timeslot.startMs, timeslot.endMs])];
  return createHash('sha256').update(JSON.stringify(situation)).digest('hex').slice(0, 16);
}
