// What is counted. Plain numbers, because they are touched for every delivery; `metrics.ts` shows them to Prometheus.
import type { Gap, GapReason } from '../domain/gap.ts';
import { LagHistogram } from './lag-histogram.ts';

export type Tally = {
  /** Events handed to connections. */
  deliveries: number;
  bytes: number;
  /** Clients that cannot take more at the moment. */
  parked: number;
  /** Messages read from the broker again, for clients that were further back than the ring. */
  replayed: number;
  readonly gaps: Record<GapReason, number>;
  /** From the stream to the socket, of what is delivered live. */
  readonly lag: LagHistogram;
};

export function startTally(): Tally {
  return {
    deliveries: 0,
    bytes: 0,
    parked: 0,
    replayed: 0,
    gaps: { expired: 0, recreated: 0, ahead: 0, 'unreadable-cursor': 0, 'too-many-subjects': 0 },
    lag: new LagHistogram(),
  };
}

export function countGaps(tally: Tally, gaps: readonly Gap[]): void {
  if (gaps.length === 0) return; // nearly always, and once per client and event
  for (const { reason } of gaps) tally.gaps[reason] += 1;
}
