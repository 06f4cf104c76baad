// Why the times of a schedule or of a timeslot cannot be as they were said. All of it is for the client to mend.
import type { ProjectedTimeslot } from '../program/conflict/projection.ts';
import type { PlanProblem } from '../program/schedule/plan-problems.ts';

/** What a body says is well-formed and makes no sense. */
export class ImpossibleTimesError extends Error {
  override readonly name = 'ImpossibleTimesError';
  readonly code = 'impossible-times';
  readonly problems: readonly PlanProblem[];

  constructor(problems: readonly PlanProblem[]) {
    super(problems.map(({ message }) => message).join(' '));
    this.problems = problems;
  }
}

/** A show, for people who have to decide about its timeslot. */
export type CollidingShow = { readonly id: number; readonly name: string };

export type ScheduleConflict = {
  /** IANA, in which the times are written. */
  readonly zone: string;
  readonly projected: readonly ProjectedTimeslot[];
  readonly staleHashes: readonly string[];
  /** By the id of the schedule of a collision. */
  readonly shows: ReadonlyMap<number, CollidingShow>;
};

/** The first of two steps: something is there already, and somebody has to say what becomes of it. */
export class ScheduleConflictError extends Error {
  override readonly name = 'ScheduleConflictError';
  readonly code = 'schedule-conflict';
  readonly conflict: ScheduleConflict;

  constructor(conflict: ScheduleConflict) {
    super(
      conflict.staleHashes.length === 0
        ? 'There are other timeslots at these times. Send the same request again with a solution for each.'
        : 'Some solutions are for collisions that are not there, or not any more. Decide again, by what is listed here.',
    );
    this.conflict = conflict;
  }
}

/** A schedule stays with its show, because its timeslots and their episodes do. */
export class ScheduleMovedError extends Error {
  override readonly name = 'ScheduleMovedError';
  readonly code = 'schedule-moved';

  constructor() {
    super('A schedule stays with its show. Make another schedule for the other show.');
  }
}

/** A repetition of a repetition. */
export class RepetitionChainError extends Error {
  override readonly name = 'RepetitionChainError';
  readonly code = 'repetition-chain';
}

export class TimeZoneFixedError extends Error {
  override readonly name = 'TimeZoneFixedError';
  readonly code = 'time-zone-fixed';

  constructor() {
    super('There are timeslots, and they were planned in the present time zone. It can change once there are none.');
  }
}
