// What `upcoming.now` and `upcoming.24h` tell, and when time alone changes it: `now` when an entry begins, or ends with
// none after it; `24h` when an entry ends, and a millisecond after an entry begins in 24 hours, because the window of 24
// hours does not contain its own end.
import { entriesOf, scopeOf, type ProgramEntry } from '../playout/entries.ts';
import type { Program } from '../program.ts';
import type { Interval } from '../time/interval.ts';

export const UPCOMING_MS = 24 * 60 * 60 * 1000;

/** The window that is told at an instant: of the entry that is on the air. */
export function nowWindow(nowMs: number): Interval {
  return { startMs: nowMs, endMs: nowMs + 1 };
}

/** The window that is told at an instant: of the 24 hours from then, whatever the clocks do meanwhile. */
export function next24hWindow(nowMs: number): Interval {
  return { startMs: nowMs, endMs: nowMs + UPCOMING_MS };
}

/**
 * What a decision at `nowMs` has to know, when the one before was for `toldUntilMs` (null: there was none): whole days,
 * from the earlier of both to 48 hours after the later.
 */
export function upcomingScope(zone: string, nowMs: number, toldUntilMs: number | null): Interval {
  const toldMs = toldUntilMs ?? nowMs;
  return scopeOf(zone, { startMs: Math.min(nowMs, toldMs), endMs: Math.max(nowMs, toldMs) + 2 * UPCOMING_MS });
}

/**
 * When the timer has to ask next: the first instant after `nowMs` at which either answer changes. Null when none does
 * within 24 hours; ask again then. After a decision `nowMs` is its `toldUntilMs`, which a clock may be behind. The program
 * holds upcomingScope.
 */
export function nextTickMs(program: Program, nowMs: number): number | null {
  const entries = entriesOf(program, { startMs: nowMs, endMs: nowMs + 2 * UPCOMING_MS });
  const [first] = entries;
  const entering = entries.find((entry) => enteringMs(entry) > nowMs);
  const instants = [
    ...(first === undefined ? [] : [first.startMs > nowMs ? first.startMs : first.endMs]),
    ...(entering === undefined ? [] : [enteringMs(entering)]),
  ].filter((instant) => instant <= nowMs + UPCOMING_MS);
  return instants.length === 0 ? null : Math.min(...instants);
}

/** The first instant at which the window of 24 hours contains a part of the entry. */
function enteringMs({ startMs }: ProgramEntry): number {
  return startMs - UPCOMING_MS + 1;
}
