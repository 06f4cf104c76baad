// Which `program` messages a change calls for, and which the time alone: from the program before and after, and from
// when something was told last (M1 to M5 of the README).
import { entriesOf } from '../playout/entries.ts';
import { playoutOf, type PlayoutEntry } from '../playout/playout.ts';
import type { Program } from '../program.ts';
import type { Interval } from '../time/interval.ts';
import { datesTouched, timeframesOf, unionOf, type Timeframes } from '../time/timeframe.ts';
import { areSameEntries, changedIntervals } from './changed-timeslots.ts';
import { fallbackTimeframes } from './fallback-change.ts';
import { next24hWindow, nowWindow } from './upcoming.ts';

/** Null where there is nothing to tell, else what `program/playout/` answers for now and for the 24 hours from now. */
export type ProgramMessages = Timeframes & {
  readonly upcomingNow: readonly PlayoutEntry[] | null;
  readonly upcoming24h: readonly PlayoutEntry[] | null;
  /** Until when `upcoming` is told now: to be stored with the messages, and given to the next decision. */
  readonly toldUntilMs: number;
};

export type ProgramMoment = {
  readonly nowMs: number;
  /** `toldUntilMs` of the decision before, whoever made it; null when there was none. */
  readonly toldUntilMs: number | null;
};

/**
 * What a transaction has to tell that makes `after` of `before`. Both hold all of upcomingScope and every timeslot that
 * it creates, moves or deletes, or whose effective media it may change; if it changes the fallback show or its media,
 * also all of fallbackScope. Taken under the program lock, and its `toldUntilMs` stored even when there is nothing to
 * tell. Throws IncompleteProgramError.
 */
export function decideOnChange(before: Program, after: Program, moment: ProgramMoment): ProgramMessages {
  const dates = datesTouched(after.zone, changedIntervals(before, after));
  // The clock of another replica may be ahead: what it has told is not taken back.
  const toldUntilMs = Math.max(moment.nowMs, moment.toldUntilMs ?? moment.nowMs);
  return {
    ...unionOf(timeframesOf(dates), fallbackTimeframes(before, after, toldUntilMs)),
    ...upcomingMessages(before, moment.toldUntilMs ?? moment.nowMs, after, toldUntilMs),
    toldUntilMs,
  };
}

/**
 * What the time alone calls for: the current state, once, however long nobody told anything. The program holds all of
 * upcomingScope. Taken under the program lock; with nothing to tell, nothing has to be stored.
 */
export function decideOnTick(program: Program, moment: ProgramMoment): ProgramMessages {
  return decideOnChange(program, program, moment);
}

/** The subjects of the messages, each once. */
export function subjectsOf({ dates, weeks, months, upcomingNow, upcoming24h }: ProgramMessages): readonly string[] {
  return [
    ...dates.map((date) => `date.${date}`),
    ...weeks.map((week) => `week.${week}`),
    ...months.map((month) => `month.${month}`),
    ...(upcomingNow === null ? [] : ['upcoming.now']),
    ...(upcoming24h === null ? [] : ['upcoming.24h']),
  ].map((timeframe) => `program.planned.${timeframe}.updated`);
}

/** What was told last is what `before` answered at `toldMs`; where `after` answers otherwise at `nowMs`, it is told. */
function upcomingMessages(
  before: Program,
  toldMs: number,
  after: Program,
  nowMs: number,
): Pick<ProgramMessages, 'upcomingNow' | 'upcoming24h'> {
  const news = (windowAt: (instantMs: number) => Interval): readonly PlayoutEntry[] | null => {
    const told = entriesOf(before, windowAt(toldMs));
    return areSameEntries(told, entriesOf(after, windowAt(nowMs))) ? null : playoutOf(after, windowAt(nowMs));
  };
  return { upcomingNow: news(nowWindow), upcoming24h: news(next24hWindow) };
}
