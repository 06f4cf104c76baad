// What an operator sees of the clients: how many there are, what they are given, and how many cannot keep up.
// Counted by the hub as plain numbers and read when Prometheus asks: a delivery is too frequent for more.
import type { Metrics } from '@longwave/runtime';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { GapReason } from './domain/gap.ts';
import type { Admission } from './http/admission.ts';
import { registerLag } from './lag-metric.ts';
import type { Hub } from './sse/hub.ts';

export type Observed = { readonly hub: Hub; readonly admission: Admission };

export function registerMetrics({ registry }: Metrics, { hub, admission }: Observed): void {
  const { tally } = hub;
  const gauge = (name: string, help: string, read: () => number): void => {
    const metric: Gauge = new Gauge({ name, help, registers: [registry], collect: () => metric.set(read()) });
  };
  const counter = (name: string, help: string, read: () => number): void => {
    const metric: Counter = new Counter({ name, help, registers: [registry], collect: () => setTotal(metric, read()) });
  };
  gauge('sse_connections', 'Clients connected now', () => hub.connections.size);
  gauge('sse_parked_clients', 'Clients whose connection takes no more at the moment', () => tally.parked);
  counter('sse_deliveries_total', 'Events written, once per client', () => tally.deliveries);
  counter('sse_bytes_total', 'Bytes written to clients', () => tally.bytes);
  counter('sse_replayed_messages_total', 'Messages read again for clients behind the ring', () => tally.replayed);
  counter('sse_turned_away_total', 'Requests told to come back later', () => admission.turnedAway);
  registerLag(registry, tally.lag);
  registerUpstreamLag(registry, hub);
  const gaps: Counter<'reason'> = new Counter({
    name: 'sse_gaps_total',
    help: 'Clients told that they may have missed something, by reason',
    labelNames: ['reason'],
    registers: [registry],
    collect: () => {
      gaps.reset();
      for (const reason of reasonsOf(tally.gaps)) gaps.inc({ reason }, tally.gaps[reason]);
    },
  });
}

function registerUpstreamLag(registry: Registry, hub: Hub): void {
  const lag: Gauge<'stream'> = new Gauge({
    name: 'sse_upstream_lag_seconds',
    help: 'How old the newest message of a stream was when it came here',
    labelNames: ['stream'],
    registers: [registry],
    collect: () => {
      for (const { stream, upstreamLagMs } of hub.feeds) lag.set({ stream: stream.name }, upstreamLagMs / 1000);
    },
  });
}

/** A counter of this library can only be added to; the total is kept elsewhere. */
function setTotal(metric: Counter, total: number): void {
  metric.reset();
  metric.inc(total);
}

function reasonsOf(gaps: Readonly<Record<GapReason, number>>): readonly GapReason[] {
  return Object.keys(gaps) as GapReason[]; // Object.keys forgets which keys they are.
}
