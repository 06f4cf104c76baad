// The SDK of OpenTelemetry, set up for a service: spans go to an OTLP/HTTP endpoint, in batches. Loaded only where an
// endpoint is set (see `run-service.ts`), because it costs 14 MB and a tenth of a second of CPU.
//
// J1  whatever becomes of the endpoint, requests and messages go on: spans wait in a bounded queue, and what finds no
//     place is lost; the log says so once.
// J2  a stop exports what has ended, within its deadline, and leaves the rest.
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { requestSpans } from './request-span.ts';
import { sampleLikeLinked } from './sample-like-linked.ts';
import { tellingExporter, type ExportTrouble } from './telling-exporter.ts';
import type { TraceFields, Tracing } from './tracing.ts';

export type TracingOptions = {
  readonly service: string;
  readonly replicaId: string;
  /** OTEL_EXPORTER_OTLP_ENDPOINT: spans go to `<endpoint>/v1/traces`. */
  readonly endpoint: string;
  /** Of the traces that begin here, 0 to 1. */
  readonly ratio: number;
  readonly tell: (trouble: ExportTrouble) => void;
  /** What one export may take, its repetitions included. Default: 5 s. */
  readonly exportWithinMs?: number;
};

const EXPORT_WITHIN_MS = 5_000;
/** Spans are small (1 kB); more than a few thousand wait only for an endpoint that is away. */
const WAITING_MAX = 4_096;
/** Soon enough to be looked at, and still dozens of spans in one request under load. */
const EXPORT_EVERY_MS = 1_000;
/** As many as a batch of messages may have. */
const LINKS_MAX = 1_024;

export function startTracing(options: TracingOptions): Tracing {
  const { service, replicaId, endpoint, ratio, tell, exportWithinMs = EXPORT_WITHIN_MS } = options;
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: exportWithinMs,
  });
  const processor = new BatchSpanProcessor({
    exporter: tellingExporter(exporter, tell),
    maxQueueSize: WAITING_MAX,
    scheduledDelayMillis: EXPORT_EVERY_MS,
    exportTimeoutMillis: exportWithinMs,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.namespace': 'longwave',
      'service.name': service,
      'service.instance.id': replicaId,
    }),
    sampler: sampleLikeLinked(ratio),
    spanProcessors: [processor],
    spanLimits: { linkCountLimit: LINKS_MAX },
  });
  // The API keeps it for the whole process; it keeps nothing of a service, so several may share it.
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const tracer = provider.getTracer('@longwave/runtime');
  return {
    tracer,
    openRequest: requestSpans(tracer),
    logFields,
    stop: ({ withinMs }) => endWithin(provider, withinMs),
  };
}

/** Lines about a message that are written when its handler is over know its trace by its `traceparent`. */
function logFields(line: object): TraceFields {
  const active = trace.getActiveSpan()?.spanContext();
  if (active !== undefined) return { trace_id: active.traceId, span_id: active.spanId };
  if (!('traceparent' in line) || typeof line.traceparent !== 'string') return {};
  const [, traceId] = line.traceparent.split('-');
  return traceId === undefined ? {} : { trace_id: traceId };
}

/** (J2) */
async function endWithin(provider: TracerProvider, withinMs: number): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, withinMs);
  // What could not be exported has been told by the exporter, and keeps nobody from stopping.
  await Promise.race([provider.shutdown().catch(() => undefined), late.promise]);
  clearTimeout(timer);
}
