// Which timeframes a change of the fallback show, or of its media, touches: those with gaps, between today and the last
// timeslot that there is.
import type { Interval } from '../time/interval.ts';

/** Everything such a decision has to know: whole weeks and months around today and the end of the last timeslot. */
export function fallbackScope(_zone: string, nowMs: number, lastEndMs: number): Interval {
  return { startMs: nowMs, endMs: lastEndMs };
}
