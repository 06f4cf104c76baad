// How long something took, for metrics: on the monotonic clock, because a wall clock jumps and what is measured here
// decides nothing.

/** Seconds since `startedMs`, which was a `performance.now()`. */
export function secondsSince(startedMs: number): number {
  return (performance.now() - startedMs) / 1_000;
}
