// What operators, probes and the curious find beside a service's own routes.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { decimalInteger } from '../src/decimal-integer.ts';
import { route, streamRoute } from '../src/http/route.ts';
import { serveRoutes } from './support/serve-routes.ts';
import type { Served } from './support/serve-routes.ts';

const show = z
  .strictObject({ id: z.int(), name: z.string().meta({ description: '<b>bold</b> & "quoted"' }) })
  .meta({ id: 'Show' });

let served: Served;

beforeAll(async () => {
  served = await serveRoutes([
    route({
      method: 'patch',
      path: '/shows/:id/',
      summary: 'Change a show',
      tags: ['shows'],
      permission: 'program:write',
      params: z.object({ id: decimalInteger({ min: 1 }) }),
      query: z.object({ dryrun: z.stringbool().optional() }),
      headers: z.object({ 'if-match': z.string().optional().meta({ description: 'The version to change' }) }),
      body: show.partial(),
      responses: {
        200: { description: 'The changed show', body: show, headers: { etag: 'Its version' } },
        404: { description: 'No such show', problems: ['show-not-found'], members: z.object({ nearest: z.int() }) },
        412: { description: 'Changed by somebody else' },
      },
      handler: ({ params }) => ({ status: 200, body: { id: params.id, name: 'x' } }),
    }),
    streamRoute({
      method: 'get',
      path: '/stream/',
      summary: 'A stream',
      permission: 'public',
      responses: { 200: { description: 'Events' } },
      handler: (_request, response) => void response.end('data: 1\n\n'),
    }),
  ]);
});
afterAll(() => served.stop());

describe('under / and under the service’s name,', () => {
  test.each(['/health/live', '/health/ready', '/openapi.json', '/docs'])('%s is served', async (path) => {
    const [plain, named] = [await served.call(path), await served.call(`/demo${path}`)];
    expect([plain.status, named.status]).toEqual([200, 200]);
    expect(named.text).toBe(plain.text);
    expect(plain.headers.get('cache-control')).toBe('no-store');
  });
});

describe('readiness', () => {
  test('says which dependency is down, with 503, and is 200 while one is only degraded', async () => {
    const other = await serveRoutes([]);
    other.health.register('broker', () => ({ state: 'degraded', reason: 'no monitor address' }));
    expect((await other.call('/health/ready')).json).toEqual({
      status: 'ready',
      service: 'demo',
      replicaId: 'r1',
      checks: { broker: { state: 'degraded', reason: 'no monitor address' } },
    });
    await other.stop();

    const broken = await serveRoutes([]);
    broken.health.register('database', () => ({ state: 'down', reason: 'no answer' }));
    const { status, json } = await broken.call('/health/ready');
    expect([status, json['status']]).toEqual([503, 'down']);
    expect((await broken.call('/health/live')).status).toBe(200);
    await broken.stop();
  });
});

describe('metrics', () => {
  test('are under / only, where the gateway does not lead', async () => {
    expect((await served.call('/metrics')).status).toBe(200);
    expect((await served.call('/demo/metrics')).status).toBe(404);
  });

  test('measure requests by method, template and status, never by path, and leave probes out (O3)', async () => {
    await served.call('/health/live');
    await served.send('PATCH', '/demo/api/v1/shows/4711/', {});
    await served.call('/random/4712/');
    const { text } = await served.call('/metrics');
    const counts = text.split('\n').filter((line) => line.startsWith('http_server_request_duration_seconds_count'));
    expect(counts).toEqual([
      expect.stringMatching(/"GET",http_route="unmatched",http_response_status_code="404"\} \d+$/),
      expect.stringMatching(/"PATCH",http_route="\/demo\/api\/v1\/shows\/:id\/",http_response_status_code="200"\} 1$/),
    ]);
    expect(text).toMatch(/process_cpu_seconds_total\{service="demo"\}/);
    expect(text).not.toMatch(/4711|4712/);
  });

  test('do not count the age of a stream as a duration', async () => {
    await served.call('/demo/api/v1/stream/');
    expect((await served.call('/metrics')).text).not.toContain('/stream/');
  });
});

describe('the log', () => {
  test('has one line per request, with what is needed to find it again (O1)', async () => {
    const headers = { 'x-correlation-id': 'one-line' };
    await served.send('PATCH', '/demo/api/v1/shows/1/', { nope: 1 }, headers);
    const lines = served.lines.filter(({ correlationId }) => correlationId === 'one-line');
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        service: 'demo',
        replicaId: 'r1',
        correlationId: 'one-line',
        method: 'PATCH',
        route: '/demo/api/v1/shows/:id/',
        status: 400,
        durationMs: expect.any(Number),
        errorId: expect.any(String),
        code: 'invalid-body',
        msg: 'request',
      },
    ]);
  });

  test('is not filled by probes and scrapes', async () => {
    for (const path of ['/health/live', '/demo/health/ready', '/metrics']) await served.call(path);
    const routes = served.lines.map(({ route: template }) => String(template));
    expect(routes.filter((template) => /health|metrics/.test(template))).toEqual([]);
  });
});

describe('the OpenAPI document', () => {
  test('says of a route exactly what its declaration says (D1)', async () => {
    const { json } = await served.call('/openapi.json');
    expect(json).toMatchObject({
      openapi: '3.1.1',
      info: { title: 'demo', version: '1.2.3' },
      servers: [{ url: '/demo/api/v1' }],
      paths: {
        '/shows/{id}/': {
          patch: {
            operationId: 'patchShowsById',
            'x-permission': 'program:write',
            parameters: [
              { in: 'path', name: 'id', required: true, schema: { type: 'integer', minimum: 1 } },
              { in: 'query', name: 'dryrun' },
              { in: 'header', name: 'if-match', description: 'The version to change' },
            ],
            requestBody: { required: true },
            responses: {
              200: {
                headers: { etag: { description: 'Its version' } },
                content: { 'application/json': { schema: { $ref: '#/components/schemas/Show' } } },
              },
              404: {
                content: {
                  'application/problem+json': {
                    schema: {
                      allOf: [
                        { $ref: '#/components/schemas/Problem' },
                        { properties: { code: { enum: ['show-not-found'] }, nearest: { type: 'integer' } } },
                      ],
                    },
                  },
                },
              },
              412: { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
              default: {
                content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
              },
            },
          },
        },
      },
    });
  });

  test('lists both media types of a PATCH', async () => {
    const { text } = await served.call('/openapi.json');
    expect(text).toContain('application/merge-patch+json');
  });
});

describe('the API page', () => {
  test('shows every operation with nothing from elsewhere (D2)', async () => {
    const { text, headers } = await served.call('/demo/docs');
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(text).toContain('/shows/{id}/');
    expect(text).toContain('program:write');
    expect(text).not.toMatch(/https?:\/\/|@import|url\(|<script [^>]*src/);
  });

  test('lets its own script run and reach its own origin, and nothing else (D2)', async () => {
    const { text, headers } = await served.call('/demo/docs');
    const [, script = ''] = /<script>([^]*?)<\/script>/.exec(text) ?? [];
    const hash = createHash('sha256').update(script).digest('base64');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']*'; /);
    expect(policy).toContain(`script-src 'sha256-${hash}'; connect-src 'self'; base-uri 'none'; form-action 'none'`);
    expect(text.match(/<script/g)).toHaveLength(1);
  });

  test('has a form for each operation, with what it takes and an example of its body', async () => {
    const { text } = await served.call('/demo/docs');
    expect(text).toMatch(/<form data-method="PATCH" data-path="[^"]*\/shows\/\{id\}\/">/);
    expect(text).toMatch(/<input data-in="path" name="id" value="1" required>/);
    expect(text).toMatch(/<input data-in="header" name="if-match" value="">/);
    expect(text).toMatch(/<textarea name="body" data-type="application\/json"/);
  });

  test('escapes what the document says', async () => {
    const { text } = await served.call('/docs');
    expect(text).toContain('&lt;b&gt;bold&lt;/b&gt; &amp; &quot;quoted&quot;');
    expect(text).not.toContain('<b>bold');
  });
});
