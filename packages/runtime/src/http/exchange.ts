// One request and its answer, from the first header to the last byte: whose it is, how it is measured and the
// one line it leaves in the log.
import type { Request, Response } from 'express';
import type { Ids } from '../ids.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';
import { ClientGoneError } from './read-body.ts';
import { requestCauseOf } from './request-cause.ts';
import type { RequestContext } from './route.ts';

export type Exchange = RequestContext & {
  /** The template that matched; until then, and for what matches nothing, one fixed word. */
  route: string;
  kind: 'reply' | 'stream' | 'operation';
  /** What went wrong, for the log; `err` only if it was not the client's doing. */
  failure?: { readonly errorId: string; readonly code: string; readonly err?: unknown };
};

export type ExchangeDeps = { readonly logger: Logger; readonly metrics: Metrics; readonly ids: Ids };

export function openExchange(request: Request, response: Response, { logger, metrics, ids }: ExchangeDeps): Exchange {
  const startedMs = performance.now();
  const cause = requestCauseOf(request.headers, ids);
  const gone = new AbortController();
  const exchange: Exchange = {
    cause,
    log: logger.child({ correlationId: cause.correlationId }),
    signal: gone.signal,
    raw: request,
    route: 'unmatched',
    kind: 'reply',
  };
  response.setHeader('x-correlation-id', cause.correlationId);
  // 'close' comes once whatever happens; 'finish' would miss the clients that go away.
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(new ClientGoneError());
    conclude(exchange, response, performance.now() - startedMs, metrics);
  });
  return exchange;
}

function conclude(exchange: Exchange, response: Response, durationMs: number, metrics: Metrics): void {
  const { raw, route, kind, failure, log } = exchange;
  const { statusCode: status } = response;
  const isComplete = response.writableFinished;
  // The age of a stream is no latency: an hour of events would drown the durations of real answers.
  if (kind !== 'stream' || status >= 400) {
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
  log[levelOf(exchange)](line, 'request');
}

function levelOf({ kind, failure }: Exchange): 'debug' | 'info' | 'error' {
  if (failure?.err !== undefined) return 'error';
  // Probes and scrapes come every few seconds and say nothing new.
  return kind === 'operation' ? 'debug' : 'info';
}
