// Which route answers, in which way, and what is said when none does.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { RouteDeclarationError } from '../src/http/require-strict.ts';
import { route } from '../src/http/route.ts';
import { serveRoutes } from './support/serve-routes.ts';
import type { Served } from './support/serve-routes.ts';

const responses = { 200: { description: 'which route it was' } };
const reply = (name: string) => () => ({ status: 200, body: { name }, headers: { etag: '"v1"' } });
const common = { summary: 'x', permission: 'public', responses };

let served: Served;

beforeAll(async () => {
  served = await serveRoutes(
    [
      route({
        ...common,
        method: 'get',
        path: '/shows/:id/',
        params: z.object({ id: z.string() }),
        handler: reply('one'),
      }),
      route({ ...common, method: 'post', path: '/shows/latest/', handler: reply('latest') }),
      route({ ...common, method: 'delete', path: '/shows/', handler: () => ({ status: 204 }) }),
      route({
        ...common,
        method: 'get',
        path: '/text/',
        handler: () => ({ status: 200, body: '#EXTM3U', headers: { 'content-type': 'audio/x-mpegurl' } }),
      }),
    ],
    { corsOrigins: ['https://wall.example'] },
  );
});
afterAll(() => served.stop());

const base = '/demo/api/v1';

describe('when no route answers', () => {
  test('an unknown path is `not-found`, which no resource says', async () => {
    const { status, json } = await served.call('/demo/api/v1/nope/');
    expect([status, json['code']]).toEqual([404, 'not-found']);
  });

  test('a path in other letters is unknown', async () => {
    expect((await served.call(`${base}/Shows/1/`)).status).toBe(404);
  });

  test('another method is 405 and Allow says which there are', async () => {
    const { status, json, headers } = await served.call(`${base}/shows/1/`, { method: 'PUT' });
    expect([status, json['code'], headers.get('allow')]).toEqual([405, 'method-not-allowed', 'GET, HEAD, OPTIONS']);
  });

  test('OPTIONS tells the methods', async () => {
    const { status, headers } = await served.call(`${base}/shows/`, { method: 'OPTIONS' });
    expect([status, headers.get('allow')]).toEqual([204, 'DELETE, OPTIONS']);
  });

  test('a client that takes no JSON is told so', async () => {
    const { status, json } = await served.call(`${base}/shows/1/`, { headers: { accept: 'text/html' } });
    expect([status, json['code']]).toEqual([406, 'not-acceptable']);
  });
});

describe('a route', () => {
  test('is not refused on behalf of another whose path also matches', async () => {
    const { json } = await served.call(`${base}/shows/latest/`, { method: 'POST' });
    expect(json).toEqual({ name: 'latest' });
  });

  test('answers with and without its trailing slash', async () => {
    expect((await served.call(`${base}/shows/1`)).json).toEqual({ name: 'one' });
  });

  test('answers HEAD like GET, without the body', async () => {
    const { status, text, headers } = await served.call(`${base}/shows/1/`, { method: 'HEAD' });
    expect([status, text, headers.get('content-length')]).toEqual([200, '', '14']);
  });

  test('answers 304 to a client that has the current version', async () => {
    // Left alone, fetch adds `no-cache` to a conditional request, which asks for a whole answer.
    const headers = { 'if-none-match': '"v1"', 'cache-control': 'max-age=0' };
    const { status, text } = await served.call(`${base}/shows/1/`, { headers });
    expect([status, text]).toEqual([304, '']);
  });

  test('may answer without a body', async () => {
    const { status, headers } = await served.call(`${base}/shows/`, { method: 'DELETE' });
    expect([status, headers.get('content-type')]).toEqual([204, null]);
  });

  test('may answer text with a type of its own', async () => {
    const { text, headers } = await served.call(`${base}/text/`);
    expect([text, headers.get('content-type')]).toEqual(['#EXTM3U', 'audio/x-mpegurl; charset=utf-8']);
  });
});

describe('a declaration that would lose input is refused when it is made (Q2):', () => {
  const handler = reply('never');

  test('a body that drops unknown fields', () => {
    const body = z.object({ name: z.string() });
    expect(() => route({ ...common, method: 'post', path: '/x/', body, handler })).toThrow(RouteDeclarationError);
  });

  test('a path and params that name different things', () => {
    const params = z.object({ showId: z.string() });
    expect(() => route({ ...common, method: 'get', path: '/x/:id/', params, handler })).toThrow(/'id'.*'showId'/);
    expect(() => route({ ...common, method: 'get', path: '/x/:id/', handler })).toThrow(RouteDeclarationError);
  });
});

describe('every answer', () => {
  const paths = [`${base}/shows/1/`, '/nope', '/%zz', '/health/live', '/docs'];

  test.each(paths)('of %s has security headers and does not say what it is made of', async (path) => {
    const { headers } = await served.call(path);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test.each(paths)('of %s returns the correlation id that was sent (Q5)', async (path) => {
    const { headers } = await served.call(path, { headers: { 'x-correlation-id': 'studio-1/7' } });
    expect(headers.get('x-correlation-id')).toBe('studio-1/7');
  });
});

describe('a write that a foreign page makes a browser send (Q6)', () => {
  const write = (headers: Record<string, string>) => served.call(`${base}/shows/`, { method: 'DELETE', headers });

  test.each([
    ['a cross-site page', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a page of a sister host', { 'sec-fetch-site': 'same-site', origin: 'https://sister.example' }],
    ['an old browser', { origin: 'https://evil.example' }],
    ['a sandboxed frame', { origin: 'null' }],
  ])('is refused: %s', async (_, headers) => {
    const { status, json } = await write(headers);
    expect([status, json['code']]).toEqual([403, 'cross-origin-refused']);
  });

  test('may still be a read, which the browser does not show to that page', async () => {
    const { status } = await served.call(`${base}/shows/1/`, { headers: { 'sec-fetch-site': 'cross-site' } });
    expect(status).toBe(200);
  });

  test.each([
    ['no browser', {}],
    ['our own page', { 'sec-fetch-site': 'same-origin', origin: 'https://behind-a-proxy.example' }],
    ['a listed origin', { 'sec-fetch-site': 'cross-site', origin: 'https://wall.example' }],
  ])('is not mistaken for a proper one: %s', async (_, headers) => {
    expect((await write(headers)).status).toBe(204);
  });

  test('is not mistaken for one of an old browser on our own page', async () => {
    expect((await write({ origin: served.address })).status).toBe(204);
  });
});

describe('another origin', () => {
  const preflight = (origin: string) =>
    served.call(`${base}/shows/1/`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'if-match' },
    });

  test('that is listed may ask, with credentials, and reads the headers it needs', async () => {
    const { status, headers } = await preflight('https://wall.example');
    expect([status, headers.get('access-control-allow-headers')]).toEqual([204, 'if-match']);
    const { headers: answered } = await served.call(`${base}/shows/1/`, {
      headers: { origin: 'https://wall.example' },
    });
    expect(answered.get('access-control-allow-origin')).toBe('https://wall.example');
    expect(answered.get('access-control-allow-credentials')).toBe('true');
    expect(answered.get('access-control-expose-headers')).toContain('etag');
    expect(answered.get('vary')).toContain('Origin');
  });

  test.each(['https://wall.example.evil', 'null', 'http://wall.example'])('%s is told nothing', async (origin) => {
    expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
  });
});
