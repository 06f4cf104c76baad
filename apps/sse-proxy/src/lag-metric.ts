// The lag of deliveries as Prometheus reads it. The library's histogram counts one observation at a time; this shows what
// the hub has counted.
import type { Metric, Registry } from 'prom-client';
import { LAG_BUCKETS_SECONDS, type LagHistogram } from './sse/lag-histogram.ts';

const NAME = 'sse_delivery_lag_seconds';
const HELP = 'From the moment an event was stored to the moment it was given to a connection that was not behind';

export function registerLag(registry: Registry, lag: LagHistogram): void {
  const metric = { name: NAME, get: () => Promise.resolve(shown(lag)), reset: () => undefined };
  // All that the registry asks of a metric; its type lists the library's own classes only.
  registry.registerMetric(metric as unknown as Metric);
}

function shown({ counts, sumSeconds }: LagHistogram) {
  let total = 0;
  const buckets = counts.map((count, index) => {
    total += count;
    return { metricName: `${NAME}_bucket`, labels: { le: LAG_BUCKETS_SECONDS[index] ?? '+Inf' }, value: total };
  });
  const sum = { metricName: `${NAME}_sum`, labels: {}, value: sumSeconds };
  const count = { metricName: `${NAME}_count`, labels: {}, value: total };
  return { name: NAME, help: HELP, type: 'histogram', aggregator: 'sum', values: [...buckets, sum, count] };
}
