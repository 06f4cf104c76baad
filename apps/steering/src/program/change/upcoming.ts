// How `upcoming.now` and `upcoming.24h` change by time alone.
import type { Program } from '../program.ts';
import type { Interval } from '../time/interval.ts';
import type { ProgramMoment } from './decide-messages.ts';

export const UPCOMING_MS = 24 * 60 * 60 * 1000;

/**
 * When the timer has to ask next: the first instant after `nowMs` at which either answer changes. Null when nothing in
 * the scope will; then ask again within 24 hours.
 */
export function nextTickMs(_program: Program, _nowMs: number): number | null {
  return null;
}

/** Everything that a decision about `upcoming` has to know: whole days from what was told last to 48 hours from now. */
export function upcomingScope(_zone: string, { nowMs }: ProgramMoment): Interval {
  return { startMs: nowMs, endMs: nowMs + UPCOMING_MS };
}
