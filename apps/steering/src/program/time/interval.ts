// A span of time between two instants. All times of the program are instants in epoch milliseconds; what clocks in the
// station show is in local-time.ts.

/** Half-open, epoch milliseconds: `startMs` belongs to it, `endMs` does not. Never empty. */
export type Interval = { readonly startMs: number; readonly endMs: number };

/** Intervals that only touch do not overlap. */
export function overlaps(left: Interval, right: Interval): boolean {
  return left.startMs < right.endMs && right.startMs < left.endMs;
}

export function isSameInterval(left: Interval, right: Interval): boolean {
  return left.startMs === right.startMs && left.endMs === right.endMs;
}
