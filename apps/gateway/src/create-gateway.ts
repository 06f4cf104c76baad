// What becomes of each request: refused, answered here, passed on to a service, or given the dashboard.
//
// G1  Path and query reach a service byte for byte as they came.
// G2  A path belongs to one service for everybody who reads it; one that could belong to two is refused.
// G3  A service is told who asked: by the connection, or by a proxy that TRUSTED_PROXIES names; never by the client.
// G4  Whoever goes away first, client or service, takes the other side down at once.
// G5  What may have been carried out is not sent a second time.
// G6  Where traces are on, what is passed on belongs to a span of ours, and that to the trace of the client.
import type { RequestListener } from 'node:http';
import {
  Problem,
  writeProblem,
  type Health,
  type Ids,
  type Logger,
  type Metrics,
  type Tracing,
} from '@longwave/runtime';
import { openExchange, type Exchange } from './exchange.ts';
import { operationsOf } from './operations.ts';
import type { RefuseForeignHost } from './own-host.ts';
import { setPageHeaders } from './page/page-headers.ts';
import { servePage } from './page/serve-page.ts';
import type { Agents } from './proxy/agents.ts';
import type { ReadClientFacts } from './proxy/client-facts.ts';
import { askToComeBack, wantsEventStream, type EventStreams } from './proxy/event-streams.ts';
import { passOn } from './proxy/passage.ts';
import { problemOfFailure } from './proxy/upstream-failure.ts';
import { upstreamHeaders } from './proxy/upstream-headers.ts';
import { openSpan } from './open-span.ts';
import { readTarget } from './request-target.ts';
import type { Routes, Upstream } from './upstream.ts';

export type GatewayDeps = {
  readonly routes: Routes;
  readonly dashboardDirectory: string;
  readonly agents: Agents;
  readonly streams: EventStreams;
  readonly readClient: ReadClientFacts;
  readonly refuseForeignHost: RefuseForeignHost;
  readonly answerWithinMs: number;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly ids: Ids;
  /** In [0, 1). */
  readonly random: () => number;
  /** Tells this gateway from another one in `Via`. */
  readonly pseudonym: string;
  readonly tracing?: Tracing | undefined;
};

export function createGateway(deps: GatewayDeps): RequestListener {
  const operationAt = operationsOf(deps.health, deps.metrics);
  const dispatch = async (exchange: Exchange): Promise<void> => {
    const { request, response } = exchange;
    refuseWebSocket(exchange);
    const { path, firstSegment } = readTarget(request.url ?? '');
    const client = deps.readClient(request);
    deps.refuseForeignHost(client.host);
    const operation = operationAt(path, request);
    if (operation !== undefined) {
      Object.assign(exchange, { route: path, kind: 'quiet' });
      return operation(request, response);
    }
    const upstream = deps.routes.get(firstSegment);
    if (upstream === undefined) {
      Object.assign(exchange, { route: '/*', kind: 'quiet' });
      return servePage(request, response, { root: deps.dashboardDirectory, path });
    }
    Object.assign(exchange, { route: `/${firstSegment}`, kind: path.endsWith('/health/ready') ? 'quiet' : 'request' });
    const { correlationId } = exchange;
    const trace = openSpan(exchange, { path, scheme: client.protocol }, deps.tracing);
    const headers = upstreamHeaders(request, { client, upstream, correlationId, pseudonym: deps.pseudonym, trace });
    proxy(exchange, upstream, headers, deps);
  };
  return (request, response) => {
    const exchange = openExchange(request, response, deps);
    dispatch(exchange).catch((error: unknown) => answerFailure(exchange, error, deps));
  };
}

function proxy(exchange: Exchange, upstream: Upstream, headers: readonly string[], deps: GatewayDeps): void {
  const { request, response } = exchange;
  const { agents, streams, answerWithinMs } = deps;
  const wantsEvents = exchange.route === '/events' && wantsEventStream(request);
  if (wantsEvents && streams.isDraining) return askToComeBack(response, deps.random());
  passOn({
    request,
    response,
    upstream,
    headers,
    agents,
    answerWithinMs,
    onEventStream: (end) => {
      exchange.kind = 'stream';
      streams.add(response, end);
    },
    onFailure: (error) => {
      const problem = problemOfFailure(upstream.name, error);
      if (!wantsEvents) return answerFailure(exchange, problem, deps);
      exchange.failure = { code: problem.code, err: error };
      askToComeBack(response, deps.random());
    },
    onBreak: (error) => {
      exchange.failure = { code: 'upstream-broke-off', err: error };
    },
  });
}

/** Other upgrades (h2c, say) may be ignored, and are. */
function refuseWebSocket({ request }: Exchange): void {
  if (request.headers.upgrade?.toLowerCase().includes('websocket') !== true) return;
  const detail = 'There are no WebSockets here. Messages for browsers are Server-Sent Events: GET /events.';
  throw new Problem({ status: 400, code: 'no-websockets', detail });
}

/** A Problem is sent as it is; anything else is our fault, and its text goes to the log only. */
function answerFailure(exchange: Exchange, error: unknown, { ids }: GatewayDeps): void {
  const { response } = exchange;
  const errorId = ids.next();
  const problem = error instanceof Problem ? error : internal(error);
  const isOurs = problem.status >= 500 || response.headersSent;
  exchange.failure = { errorId, code: problem.code, ...(isOurs ? { err: problem.cause ?? error } : {}) };
  // Half an answer is out: cutting the connection is the only way left to say that it is not whole.
  if (response.headersSent || response.destroyed) return void response.destroy();
  setPageHeaders(response);
  response.setHeader('x-correlation-id', exchange.correlationId);
  writeProblem(response, problem, errorId);
}

function internal(cause: unknown): Problem {
  if (isUnsendable(cause)) {
    return new Problem({
      status: 400,
      code: 'invalid-http',
      detail: 'A header or the path has a forbidden character.',
    });
  }
  const detail = 'Something went wrong on our side. The id in `instance` finds it in our log.';
  return new Problem({ status: 500, code: 'internal', title: 'Unexpected error', detail, cause });
}

/** Node's parser lets some characters in that it does not let out. */
function isUnsendable(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    'code' in error &&
    (error.code === 'ERR_INVALID_CHAR' || error.code === 'ERR_UNESCAPED_CHARACTERS')
  );
}
