// Spans as a test looks at them: kept in memory by the real SDK, whose context manager is that of services.
import { context, type Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace';

export type Spans = {
  readonly tracer: Tracer;
  /** Those that have ended, in that order. */
  all(): readonly ReadableSpan[];
  /** The only one of that name. Throws when there is none, or another. */
  readonly one: (name: string) => ReadableSpan;
  clear(): void;
  close(): Promise<void>;
};

export function recordSpans(): Spans {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const manager = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(manager);
  const all = (): readonly ReadableSpan[] => exporter.getFinishedSpans();
  return {
    tracer: provider.getTracer('test'),
    all,
    one: (name) => {
      const found = all().filter((span) => span.name === name);
      const [span] = found;
      if (span !== undefined && found.length === 1) return span;
      const names = all().map((other) => other.name);
      throw new Error(`${found.length} spans are called ${name}; there are ${names.join(', ')}`);
    },
    clear: () => exporter.reset(),
    close: async () => {
      await provider.shutdown();
      context.disable();
    },
  };
}

export function traceparentOf(span: ReadableSpan): string {
  const { traceId, spanId } = span.spanContext();
  return `00-${traceId}-${spanId}-01`;
}

/** The spans that it links to, as `<trace>-<span>`. */
export function linksOf(span: ReadableSpan): readonly string[] {
  return span.links.map(({ context: { traceId, spanId } }) => `${traceId}-${spanId}`);
}
