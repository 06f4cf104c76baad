// The span of a request that is passed on. Streams of events have none: their age is no latency, and probes and files say
// nothing new.
import type { RequestCause, Tracing } from '@longwave/runtime';
import type { Exchange } from './exchange.ts';
import { wantsEventStream } from './proxy/event-streams.ts';

export type TraceContext = Pick<RequestCause, 'traceparent' | 'tracestate'>;

/** What a service is to take for the trace of the request; null: what the client says. (G6) */
export function openSpan(
  exchange: Exchange,
  { path, scheme }: { readonly path: string; readonly scheme: string },
  tracing: Tracing | undefined,
): TraceContext | null {
  const { request, correlationId, kind } = exchange;
  if (tracing === undefined || kind === 'quiet' || wantsEventStream(request)) return null;
  const { traceparent, tracestate } = request.headers;
  const cause = {
    correlationId,
    actor: 'service:anonymous',
    ...(typeof traceparent === 'string' && { traceparent }),
    ...(typeof tracestate === 'string' && { tracestate }),
  };
  exchange.span = tracing.openRequest({ method: request.method ?? '', path, scheme, cause });
  return exchange.span.cause;
}
