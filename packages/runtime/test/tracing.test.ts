// What spans are made of requests, where they go, and what becomes of requests when nobody takes them.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startOtlpReceiver, type OtlpReceiver } from '@longwave/embedded/testing';
import { context } from '@opentelemetry/api';
import { z } from 'zod';
import { route } from '../src/http/route.ts';
import type { RequestCause } from '../src/http/request-cause.ts';
import { startTracing } from '../src/tracing/start-tracing.ts';
import type { ExportTrouble } from '../src/tracing/telling-exporter.ts';
import type { Tracing } from '../src/tracing/tracing.ts';
import { collectLog } from './support/collect-log.ts';
import { serveRoutes, type Served } from './support/serve-routes.ts';
import { until } from './support/until.ts';

const CREATED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const SERVER = 2;

const causes: RequestCause[] = [];
const routes = [
  route({
    method: 'get',
    path: '/shows/:id/',
    summary: 'A show',
    permission: 'public',
    params: z.object({ id: z.string() }),
    query: z.object({ token: z.string().optional() }),
    responses: { 200: { description: 'The show' } },
    handler: async ({ params, cause, log }) => {
      await Promise.resolve();
      causes.push(cause);
      log.info('handled');
      if (params.id === 'broken') throw new Error('hunter2');
      return { status: 200, body: {} };
    },
  }),
];

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  causes.length = 0;
  context.disable();
});

type Traced = { readonly served: Served; readonly tracing: Tracing; readonly troubles: ExportTrouble[] };

async function serveTraced(endpoint: string, ratio = 1): Promise<Traced> {
  const troubles: ExportTrouble[] = [];
  const tell = (trouble: ExportTrouble): void => void troubles.push(trouble);
  const tracing = startTracing({ service: 'demo', replicaId: 'r1', endpoint, ratio, tell, exportWithinMs: 500 });
  const served = await serveRoutes(routes, { tracing, ...collected(tracing) });
  closing.push(async () => {
    await served.stop();
    // So long that nothing of it is left, not even where a test has not waited for it.
    await tracing.stop({ withinMs: 5_000 });
  });
  return { served, tracing, troubles };
}

let lines: readonly Readonly<Record<string, unknown>>[] = [];
function collected(tracing: Tracing) {
  const log = collectLog('info', tracing.logFields);
  lines = log.lines;
  return { logger: log.logger };
}

async function receiver(): Promise<OtlpReceiver> {
  const started = await startOtlpReceiver();
  closing.push(() => started.close());
  return started;
}

/** A server that is no OTLP endpoint, but answers so, or never. */
async function strangeServer(answer: (server: Server) => void): Promise<string> {
  const server = createServer();
  answer(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

describe('a request', () => {
  test('has a span, which is of the trace of the client, and passes it on', async () => {
    const otlp = await receiver();
    const { served, tracing } = await serveTraced(otlp.url);
    await served.call('/demo/api/v1/shows/7/?token=hunter2', { headers: { traceparent: CREATED, tracestate: 'v=1' } });
    await tracing.stop({ withinMs: 5_000 });
    expect(otlp.spans()).toEqual([
      {
        service: 'demo',
        name: 'GET /demo/api/v1/shows/:id/',
        kind: SERVER,
        traceId: CREATED.slice(3, 35),
        spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
        parentSpanId: CREATED.slice(36, 52),
        attributes: {
          'http.request.method': 'GET',
          'http.response.status_code': 200,
          'http.route': '/demo/api/v1/shows/:id/',
          'url.path': '/demo/api/v1/shows/7/',
          'url.scheme': 'http',
        },
        links: [],
        hasFailed: false,
      },
    ]);
    const [span] = otlp.spans();
    expect(causes).toMatchObject([{ traceparent: `00-${span?.traceId}-${span?.spanId}-01`, tracestate: 'v=1' }]);
  });

  test('has its trace in each of its lines', async () => {
    const otlp = await receiver();
    const { served } = await serveTraced(otlp.url);
    await served.call('/demo/api/v1/shows/7/', { headers: { traceparent: CREATED } });
    await until(() => lines.some(({ msg }) => msg === 'request'), 'the request was logged');
    expect(lines.map(({ msg, trace_id }) => ({ msg, trace_id }))).toEqual([
      { msg: 'handled', trace_id: CREATED.slice(3, 35) },
      { msg: 'request', trace_id: CREATED.slice(3, 35) },
    ]);
  });

  test('is known by the lines of a message that are written when nothing runs any more', async () => {
    const { tracing } = await serveTraced((await receiver()).url);
    expect(tracing.logFields({ traceparent: CREATED })).toEqual({ trace_id: CREATED.slice(3, 35) });
    expect(tracing.logFields({ traceparent: 7 })).toEqual({});
    expect(tracing.logFields({})).toEqual({});
  });

  test('that fails says so without a text; one that matches nothing, or probes, makes no name', async () => {
    const otlp = await receiver();
    const { served, tracing } = await serveTraced(otlp.url);
    for (const path of ['/demo/api/v1/shows/broken/', '/nowhere/12', '/health/ready', '/metrics'])
      await served.call(path);
    await served.call('/nowhere/13', { method: 'PROPFIND' });
    await tracing.stop({ withinMs: 5_000 });
    const told = otlp
      .spans()
      .map(({ name, hasFailed, attributes }) => ({ name, hasFailed, error: attributes['error.type'] }));
    expect(told).toEqual([
      { name: 'GET /demo/api/v1/shows/:id/', hasFailed: true, error: '500' },
      { name: 'GET', hasFailed: false, error: undefined },
      { name: 'HTTP', hasFailed: false, error: undefined },
    ]);
    expect(JSON.stringify(otlp.spans())).not.toContain('hunter2');
  });

  test('of a trace that is not kept is not exported, and says so to those it calls', async () => {
    const otlp = await receiver();
    const { served, tracing } = await serveTraced(otlp.url, 0);
    await served.call('/demo/api/v1/shows/7/');
    await served.call('/demo/api/v1/shows/8/', { headers: { traceparent: CREATED } });
    await tracing.stop({ withinMs: 5_000 });
    expect(otlp.spans().map(({ attributes }) => attributes['url.path'])).toEqual(['/demo/api/v1/shows/8/']);
    expect(causes.map(({ traceparent }) => traceparent?.slice(-2))).toEqual(['00', '01']);
  });
});

describe('an endpoint', () => {
  test('J1: that nobody listens on costs no request anything, and is told once', async () => {
    const gone = await startOtlpReceiver();
    await gone.close();
    const { served, tracing, troubles } = await serveTraced(gone.url);
    for (let round = 0; round < 3; round += 1) expect((await served.call('/demo/api/v1/shows/7/')).status).toBe(200);
    await tracing.stop({ withinMs: 1_000 });
    expect(troubles).toEqual([{ state: 'failing', reason: expect.any(String) }]);
  });

  test('J1: that refuses what it gets is told once, and so is that it takes spans again', async () => {
    let status = 400;
    const url = await strangeServer((server) =>
      server.on('request', (request, response) => request.resume().on('end', () => response.writeHead(status).end())),
    );
    const { served, troubles } = await serveTraced(url);
    await served.call('/demo/api/v1/shows/7/');
    await until(() => troubles.length === 1, 'the refusal was told', 5_000);
    status = 200;
    await served.call('/demo/api/v1/shows/7/');
    await until(() => troubles.length === 2, 'the end of it was told', 5_000);
    expect(troubles).toMatchObject([{ state: 'failing' }, { state: 'over', lost: 1 }]);
  });

  test('J2: that never answers keeps nobody from stopping in time', async () => {
    const url = await strangeServer(() => undefined);
    const { served, tracing } = await serveTraced(url);
    await served.call('/demo/api/v1/shows/7/');
    const startedMs = performance.now();
    await tracing.stop({ withinMs: 300 });
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});
