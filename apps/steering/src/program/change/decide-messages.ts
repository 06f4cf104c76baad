// Which `program` messages a change calls for: from the program before and after it, and from the time alone.
import type { Program } from '../program.ts';
import type { PlayoutEntry } from '../playout/playout.ts';
import type { Timeframes } from '../time/timeframe.ts';

/** Null where there is nothing to tell, else what `program/playout/` answers for now and for the 24 hours from now. */
export type ProgramMessages = Timeframes & {
  readonly upcomingNow: readonly PlayoutEntry[] | null;
  readonly upcoming24h: readonly PlayoutEntry[] | null;
  /** Until when `upcoming` is told now: to be stored with the messages, and given to the next decision. */
  readonly toldUntilMs: number;
};

/** The subjects of the messages, each once. */
export function subjectsOf(_messages: ProgramMessages): readonly string[] {
  return [];
}

export type ProgramMoment = {
  readonly nowMs: number;
  /** `toldUntilMs` of the decision before, whoever made it; null when there was none. */
  readonly toldUntilMs: number | null;
};

/**
 * What a transaction has to tell that makes `after` of `before`. Both hold every timeslot that it creates, moves or
 * deletes, or whose effective media it may change, and everything in `upcomingScope`; if it changes the fallback show
 * or its media, also everything in `fallbackScope`. Taken under the program lock.
 */
export function decideOnChange(_before: Program, _after: Program, _moment: ProgramMoment): ProgramMessages {
  throw new Error('There is no decision yet.');
}

/** What the time alone calls for: the current state, once, however long nobody told anything. */
export function decideOnTick(program: Program, moment: ProgramMoment): ProgramMessages {
  return decideOnChange(program, program, moment);
}
