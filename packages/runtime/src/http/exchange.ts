// One request and its answer, from the first header to the last byte: whose it is, how it is measured and the
// one line it leaves in the log (O1).
import type { Request, Response } from 'express';
import type { Ids } from '../ids.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';
import { ClientGoneError } from './read-body.ts';
import { requestCauseOf, type RequestCause } from './request-cause.ts';
import type { RequestContext } from './route.ts';
import type { RequestSpan, TracedRequest, Tracing } from '../tracing/tracing.ts';

/** The route of what matches none. */
const UNMATCHED = 'unmatched';

export type Exchange = RequestContext & {
  /** The template that matched; until then, and for what matches nothing, one fixed word. */
  route: string;
  kind: 'reply' | 'stream' | 'operation';
  /** Absent where nothing is traced. */
  readonly span?: RequestSpan;
  /** What went wrong, for the log; `err` only if it was not the client's doing. */
  failure?: { readonly errorId: string; readonly code: string; readonly err?: unknown };
};

export type ExchangeDeps = {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly ids: Ids;
  readonly tracing?: Tracing | undefined;
};

export function openExchange(
  request: Request,
  response: Response,
  { logger, metrics, ids, tracing }: ExchangeDeps,
): Exchange {
  const startedMs = performance.now();
  const asked = requestCauseOf(request.headers, ids);
  const span = tracing?.openRequest(tracedRequest(request, asked));
  const cause = span?.cause ?? asked;
  const gone = new AbortController();
  const exchange: Exchange = {
    cause,
    log: logger.child({ correlationId: cause.correlationId }),
    signal: gone.signal,
    raw: request,
    route: UNMATCHED,
    kind: 'reply',
    ...(span && { span }),
  };
  response.setHeader('x-correlation-id', cause.correlationId);
  // 'close' comes once whatever happens; 'finish' would miss the clients that go away.
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(new ClientGoneError());
    conclude(exchange, response, performance.now() - startedMs, metrics);
  });
  return exchange;
}

function tracedRequest({ method, path, protocol: scheme }: Request, cause: RequestCause): TracedRequest {
  return { method, path, scheme, cause };
}

/** Nothing was answered because nobody waited any more; nginx's number for it. Never on the wire. */
const clientGoneStatus = 499;

function conclude(exchange: Exchange, response: Response, durationMs: number, metrics: Metrics): void {
  const { raw, route, kind, failure, log } = exchange;
  const status = response.headersSent ? response.statusCode : clientGoneStatus;
  const isComplete = response.writableFinished;
  if (isMeasured(kind, status)) {
    metrics.observeRequest({ method: raw.method, route, status, durationSeconds: durationMs / 1000 });
  }
  const line = {
    method: raw.method,
    route,
    status,
    durationMs: Math.round(durationMs * 10) / 10,
    ...failure,
    ...(isComplete ? {} : { clientGone: true }),
  };
  const write = (): void => log[levelOf(exchange)](line, 'request');
  if (exchange.span === undefined) return write();
  exchange.span.run(write);
  endSpan(exchange.span, exchange, status);
}

/** Probes and scrapes would be most of all traces: their spans are never ended, so they go nowhere (O4). */
function endSpan(span: RequestSpan, { kind, route }: Exchange, status: number): void {
  if (kind !== 'operation') span.end({ route: route === UNMATCHED ? null : route, status });
}

/** The age of a stream is no latency, and probes are no use: both would drown the durations of real answers. */
function isMeasured(kind: Exchange['kind'], status: number): boolean {
  return kind === 'reply' || (kind === 'stream' && status >= 400);
}

function levelOf({ kind, failure }: Exchange): 'debug' | 'info' | 'error' {
  if (failure?.err !== undefined) return 'error';
  // Probes and scrapes come every few seconds and say nothing new.
  return kind === 'operation' ? 'debug' : 'info';
}
