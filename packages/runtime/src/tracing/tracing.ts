// Traces as a service sees them. What makes them is in `start-tracing.ts`, which is loaded only where
// OTEL_EXPORTER_OTLP_ENDPOINT is set: this file is types alone, so a service without traces pays nothing for them.
import type { Tracer } from '@opentelemetry/api';
import type { RequestCause } from '../http/request-cause.ts';

export type Tracing = {
  /** For what a service wraps in spans itself. */
  readonly tracer: Tracer;
  readonly openRequest: OpenRequestSpan;
  /** What a line of the log says of the trace it belongs to; `line`: its own fields. */
  readonly logFields: (line: object) => TraceFields;
  /** Exports what has ended so far, and no more after that. Resolves within `withinMs`, whatever answers (J2). */
  stop(options: { readonly withinMs: number }): Promise<void>;
};

/** The names that OpenTelemetry gives to fields of logs in formats of one's own. */
export type TraceFields = { readonly trace_id?: string; readonly span_id?: string };

export type TracedRequest = {
  readonly method: string;
  /** Without the query, which may hold what nobody may see. */
  readonly path: string;
  readonly scheme: string;
  readonly cause: RequestCause;
};

export type OpenRequestSpan = (request: TracedRequest) => RequestSpan;

/** A request while it is answered. One that is never ended is never exported. */
export type RequestSpan = {
  /** What the request causes belongs to its span. */
  readonly cause: RequestCause;
  run<Result>(work: () => Result): Result;
  end(answer: { readonly route: string | null; readonly status: number }): void;
};
