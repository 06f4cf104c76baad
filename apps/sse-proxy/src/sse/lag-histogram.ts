// How long events take from the stream to the sockets, counted in buckets: once for a whole slice of a fan-out, because
// a delivery is too frequent for more.

/** Upper bounds in seconds, as Prometheus writes them; what is slower is in `+Inf` alone. */
export const LAG_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60] as const;

export class LagHistogram {
  /** One more than there are bounds; not cumulative. */
  readonly counts: number[] = Array.from({ length: LAG_BUCKETS_SECONDS.length + 1 }, () => 0);
  sumSeconds = 0;

  /** `deliveries` were this late. Clocks of two machines may differ: what is early counts as nothing. */
  observe(lagMs: number, deliveries: number): void {
    const seconds = Math.max(0, lagMs / 1000);
    const index = LAG_BUCKETS_SECONDS.findIndex((bound) => seconds <= bound);
    const bucket = index === -1 ? LAG_BUCKETS_SECONDS.length : index;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + deliveries;
    this.sumSeconds += seconds * deliveries;
  }
}
