// Traces in the life of a process: opened before anything is traced, closed after everything has stopped.
//
// J3  a service that has nowhere to send traces loads nothing of what makes them.
import type { ServiceConfig } from '../config/service-config.ts';
import type { RunningService } from '../process/with-lifecycle.ts';
import type { ExportTrouble } from './telling-exporter.ts';
import type { Tracing } from './tracing.ts';

/** For the last spans of a service that took all of its time to stop. */
const STOP_WITHIN_MS_MIN = 250;

/** Undefined where OTEL_EXPORTER_OTLP_ENDPOINT is not set. */
export async function openTracing(
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: ratio = 1 }: ServiceConfig,
  about: { readonly service: string; readonly replicaId: string },
  tell: (trouble: ExportTrouble) => void,
): Promise<Tracing | undefined> {
  if (endpoint === undefined) return undefined; // (J3)
  const { startTracing } = await import('./start-tracing.ts');
  return startTracing({ ...about, endpoint, ratio, tell });
}

/** What the stop itself does is traced, too; what is left of `withinMs` is for the last export. */
export function stoppingTraces(service: RunningService, tracing: Tracing, withinMs: number): RunningService {
  return {
    ...service,
    stop: async () => {
      const deadline = performance.now() + withinMs;
      try {
        await service.stop();
      } finally {
        await tracing.stop({ withinMs: Math.max(STOP_WITHIN_MS_MIN, deadline - performance.now()) });
      }
    },
  };
}
