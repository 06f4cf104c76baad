// A whole service around a few routes, on a free port of loopback, for tests that speak HTTP to it.
import { Health } from '../../src/health/health.ts';
import { createHttpApp } from '../../src/http/create-http-app.ts';
import type { HttpAppOptions } from '../../src/http/create-http-app.ts';
import { listen } from '../../src/http/listen.ts';
import type { Route } from '../../src/http/route.ts';
import { uuidIds } from '../../src/ids.ts';
import type { LogLevel } from '../../src/logger.ts';
import { createMetrics } from '../../src/metrics.ts';
import { collectLog } from './collect-log.ts';
import type { LogLine } from './collect-log.ts';

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body, or `{}` when it is not JSON. */
  readonly json: Readonly<Record<string, unknown>>;
};

export type Served = {
  readonly address: string;
  readonly port: number;
  readonly health: Health;
  readonly lines: readonly LogLine[];
  call(path: string, init?: RequestInit): Promise<Answer>;
  send(method: string, path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  stop(withinMs?: number): Promise<void>;
};

export async function serveRoutes(
  routes: readonly Route[],
  options: Partial<HttpAppOptions> & { readonly level?: LogLevel } = {},
): Promise<Served> {
  const { logger, lines } = collectLog(options.level);
  const health = new Health({ service: 'demo', replicaId: 'r1' });
  const service = { name: 'demo', version: '1.2.3', description: 'Routes under test' };
  const app = createHttpApp({
    service,
    basePath: '/demo/api/v1',
    routes,
    logger,
    health,
    metrics: createMetrics({ service: 'demo' }),
    ids: uuidIds,
    trustedProxies: [],
    ...options,
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  health.markStarted();
  const call: Served['call'] = async (path, init) => answerOf(await fetch(server.address + path, init));
  return {
    address: server.address,
    port: server.port,
    health,
    lines,
    call,
    send: (method, path, body, headers) =>
      call(path, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    stop: (withinMs = 1000) => server.close({ withinMs }),
  };
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson && text !== '' ? JSON.parse(text) : {},
  };
}
