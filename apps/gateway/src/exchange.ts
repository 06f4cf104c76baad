// One request and its answer: whose it is, how it is measured, and the one line it leaves in the log.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Ids, Logger, Metrics, RequestSpan } from '@longwave/runtime';

export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** From `x-correlation-id` if that is usable, else fresh; the service is told the same. */
  readonly correlationId: string;
  readonly log: Logger;
  /** A name for all requests of a kind: a label per path would grow without bound. */
  route: string;
  /** `quiet`: probes and files, which say nothing new at info. */
  kind: 'request' | 'stream' | 'quiet';
  /** Of what is passed on, where traces are on. */
  span?: RequestSpan;
  /** What went wrong, for the log; `err` only if it was not the client's doing. */
  failure?: { readonly errorId?: string; readonly code: string; readonly err?: unknown };
};

export type ExchangeDeps = { readonly logger: Logger; readonly metrics: Metrics; readonly ids: Ids };

/** What services accept, too: 1 to 128 visible ASCII characters. */
const USABLE_CORRELATION_ID = /^[\x21-\x7e]{1,128}$/;
/** Nobody waited for the answer any more; nginx's number for it. Never on the wire. */
const CLIENT_GONE_STATUS = 499;

export function openExchange(
  request: IncomingMessage,
  response: ServerResponse,
  { logger, metrics, ids }: ExchangeDeps,
): Exchange {
  const startedMs = performance.now();
  const { 'x-correlation-id': given } = request.headers;
  const correlationId = typeof given === 'string' && USABLE_CORRELATION_ID.test(given) ? given : ids.next();
  const log = logger.child({ correlationId });
  const exchange: Exchange = { request, response, correlationId, log, route: 'unmatched', kind: 'request' };
  // 'close' comes once whatever happens; 'finish' would miss the clients that go away.
  response.once('close', () => conclude(exchange, performance.now() - startedMs, metrics));
  return exchange;
}

function conclude(exchange: Exchange, durationMs: number, metrics: Metrics): void {
  const { request, response, route, kind, failure, log, span } = exchange;
  const status = response.headersSent ? response.statusCode : CLIENT_GONE_STATUS;
  const method = request.method ?? '';
  // The age of a stream is no latency.
  if (kind !== 'stream') metrics.observeRequest({ method, route, status, durationSeconds: durationMs / 1_000 });
  const line = {
    method,
    route,
    status,
    durationMs: Math.round(durationMs * 10) / 10,
    ...failure,
    ...(response.writableFinished ? {} : { clientGone: true }),
  };
  const level = failure?.err === undefined ? (kind === 'quiet' ? 'debug' : 'info') : 'warn';
  const write = (): void => log[level](line, 'request');
  if (span === undefined) return write();
  span.run(write);
  span.end({ route, status });
}
