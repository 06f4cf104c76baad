// Bad input, as a stranger would send it through the front door: a clear 4xx problem with a code each time, and in the end
// nothing of it is stored or told (R9).
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestStation, type TestStation } from './support/test-station.ts';

const SHOWS = '/steering/api/v1/shows/';
const PACKAGE = '/steering/api/v1/packages/good/1.0.0';
const JSON_TYPE = { 'content-type': 'application/json' };

type Case = {
  readonly what: string;
  readonly method?: string;
  readonly path: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly status: number;
};

const post = (what: string, body: string, status = 400): Case => ({ what, method: 'POST', path: SHOWS, body, status });
const put = (what: string, path: string, status = 400, body = '{}'): Case => ({
  what,
  method: 'PUT',
  path,
  body,
  status,
});
const get = (what: string, path: string, status = 400): Case => ({ what, path, status });

const cases: readonly Case[] = [
  post('an unknown field', '{"name":"x","colour":"red"}'),
  post('a wrong type', '{"name":7}'),
  post('no name', '{}'),
  post('an empty name', '{"name":"  "}'),
  post('a name that is too long', JSON.stringify({ name: 'x'.repeat(300) })),
  post('a NUL in a name', '{"name":"a\\u0000b"}'),
  post('a lone surrogate in a name', '{"name":"a\\ud800b"}'),
  post('a prototype', '{"name":"x","__proto__":{"isActive":false}}'),
  post('invalid JSON', '{"name":'),
  post('an array', '[]'),
  post('null', 'null'),
  post('very deep JSON', `{"name":${'['.repeat(5_000)}${']'.repeat(5_000)}}`),
  post('a body of a megabyte', JSON.stringify({ name: 'x', description: 'x'.repeat(1_048_576) }), 413),
  { ...post('another media type', 'name=x', 415), headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  { ...post('a script in a slug', '{"name":"x","slug":"<script>"}') },
  { ...post('a javascript: link', '{"name":"x","links":[{"type":"x","url":"javascript:alert(1)"}]}') },
  get('an unknown id', `${SHOWS}999999/`, 404),
  get('an id that is no number', `${SHOWS}*/`, 400),
  get('a negative limit', `${SHOWS}?limit=-1`),
  get('a huge limit', `${SHOWS}?limit=9007199254740993`),
  get('an unknown parameter', `${SHOWS}?colour=red`),
  get('a forged cursor', `${SHOWS}?cursor=AAAA`),
  get('malformed percent-encoding', `${SHOWS}%E0%A4%A/`),
  get('an unknown route', '/steering/api/v1/nothing/', 404),
  put('a wildcard in a package name', '/steering/api/v1/packages/a*b/1.0.0'),
  put('a full wildcard as a package name', '/steering/api/v1/packages/%3E/1.0.0'),
  put('a space in a package name', '/steering/api/v1/packages/a%20b/1.0.0'),
  put('a package name of 300 characters', `/steering/api/v1/packages/${'x'.repeat(300)}/1.0.0`),
  put('a version that is none', '/steering/api/v1/packages/good/1.0'),
  put('an unknown field of a package', PACKAGE, 400, '{"size":1}'),
  { ...put('a wildcard in a namespace', PACKAGE), headers: { 'x-namespace': 'a.*.>' } },
  { ...put('CRLF, encoded, in a namespace', PACKAGE), headers: { 'x-namespace': 'a%0D%0Ab' } },
  get('an unknown package', '/resolver/api/v1/packages/nobody/1.0.0', 404),
  get('an illegal filter at the audit log', '/audit-log/api/v1/entries/?subject=a..b'),
  get('a wildcard within a token at the audit log', '/audit-log/api/v1/entries/?subject=a*b.c'),
  get('a time that is none', '/audit-log/api/v1/entries/?from=yesterday'),
  get('no filter at the event stream', '/events'),
  get('an illegal filter at the event stream', '/events?subject=resource..x'),
  get('> before the end', '/events?subject=resource.%3E.x'),
  get('a filter with CRLF', '/events?subject=resource.%0D%0Ax'),
  get('a filter of 300 characters', `/events?subject=resource.${'x'.repeat(300)}`),
  get('a filter that is not for everyone', '/events?subject=%3E', 403),
  get('a forged cursor at the event stream', '/events?subject=resource.%3E&lastEventId=%27nonsense'),
];

describe('bad input', () => {
  let station: TestStation;
  beforeAll(async () => {
    station = await startTestStation();
  });
  afterAll(() => station.stop());

  test.each(cases)(
    '$what is answered $status, with a code',
    async ({ method = 'GET', path, body, headers, status }) => {
      const response = await fetch(`${station.url}${path}`, {
        method,
        headers: { ...JSON_TYPE, ...headers },
        ...(body === undefined ? {} : { body }),
      });
      const text = await response.text();
      expect({ status: response.status, text }).toEqual({ status, text: expect.any(String) });
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(JSON.parse(text)).toMatchObject({
        status,
        code: expect.stringMatching(/^[a-z][a-z-]+$/),
        title: expect.any(String),
      });
    },
  );

  test('left nothing behind: no show, no package, no message, and every service is well', async () => {
    const items = async (path: string): Promise<unknown> =>
      ((await (await fetch(`${station.url}${path}`)).json()) as { items: unknown }).items;
    expect(await items(SHOWS)).toEqual([]);
    expect(await items('/steering/api/v1/packages/')).toEqual([]);
    expect(await items('/audit-log/api/v1/entries/')).toEqual([]);
    await station.untilReady('steering', 'resolver', 'audit-log', 'sse-proxy', 'gateway');
  });
});
