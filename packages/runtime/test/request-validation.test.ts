// A handler sees valid requests only, and a client learns everything that is wrong at once.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { decimalInteger } from '../src/decimal-integer.ts';
import { route } from '../src/http/route.ts';
import { serveRoutes } from './support/serve-routes.ts';
import type { Served } from './support/serve-routes.ts';

const showBody = z.strictObject({
  name: z.string().min(1).max(5),
  kind: z.enum(['live', 'tape']).optional(),
  tags: z
    .array(z.strictObject({ 'a/b': z.int() }))
    .max(3)
    .optional(),
});

let served: Served;
let handled = 0;

const responses = { 200: { description: 'What the handler saw' } };
const params = z.object({ id: decimalInteger({ min: 1 }) });
const echo = <T>(seen: T) => {
  handled += 1;
  return { status: 200, body: seen };
};

beforeAll(async () => {
  served = await serveRoutes([
    route({
      method: 'get',
      path: '/shows/:id/',
      summary: 'Read',
      permission: 'public',
      params,
      query: z.object({ limit: decimalInteger({ max: 50 }).default(20), tag: z.array(z.string()).optional() }),
      headers: z.object({ 'if-match': z.string().max(10).optional() }),
      responses,
      handler: (request) => echo({ params: request.params, query: request.query, headers: request.headers }),
    }),
    route({
      method: 'put',
      path: '/shows/:id/',
      summary: 'Replace',
      permission: 'x',
      params,
      body: showBody,
      responses,
      handler: ({ body }) => echo(body),
    }),
    route({
      method: 'patch',
      path: '/shows/:id/',
      summary: 'Change',
      permission: 'x',
      params,
      body: showBody.partial(),
      responses,
      handler: ({ body }) => echo(body),
    }),
    route({
      method: 'post',
      path: '/any/',
      summary: 'Any JSON',
      permission: 'x',
      body: z.json().optional(),
      responses,
      handler: ({ body }) => echo({ body }),
    }),
  ]);
});
afterAll(() => served.stop());

const base = '/demo/api/v1';
const put = (body: unknown, headers?: Record<string, string>) => served.send('PUT', `${base}/shows/1/`, body, headers);

async function refused(answer: ReturnType<Served['call']>): Promise<{ code: unknown; errors: unknown }> {
  const before = handled;
  const { status, headers, json } = await answer;
  expect(status).toBe(400);
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(handled).toBe(before);
  return { code: json['code'], errors: json['errors'] };
}

describe('what a handler is given', () => {
  test('is parsed: numbers are numbers, defaults are filled in, repeated parameters are a list', async () => {
    const { json } = await served.call(`${base}/shows/7/?tag=a&tag=b`, { headers: { 'if-match': '"3"' } });
    expect(json).toEqual({ params: { id: 7 }, query: { limit: 20, tag: ['a', 'b'] }, headers: { 'if-match': '"3"' } });
  });

  test('is a list even if a repeatable parameter came once', async () => {
    const { json } = await served.call(`${base}/shows/7/?tag=a`);
    expect(json['query']).toEqual({ limit: 20, tag: ['a'] });
  });

  test('is undefined where an optional body is missing', async () => {
    const { status, json } = await served.call(`${base}/any/`, { method: 'POST' });
    expect([status, json]).toEqual([200, {}]);
  });
});

describe('every problem is reported at once (Q1)', () => {
  test('of a body, with a JSON pointer and a code each', async () => {
    const { code, errors } = await refused(
      put({ name: 'too long', kind: 'x', tags: [{ 'a/b': 'no' }, {}], 'extra~': 1 }),
    );
    expect(code).toBe('invalid-body');
    expect(errors).toEqual([
      { pointer: '/name', code: 'too_long', detail: expect.any(String) },
      { pointer: '/kind', code: 'not_allowed', detail: expect.any(String) },
      { pointer: '/tags/0/a~1b', code: 'wrong_type', detail: expect.any(String) },
      { pointer: '/tags/1/a~1b', code: 'required', detail: expect.any(String) },
      { pointer: '/extra~0', code: 'unknown_field', detail: expect.any(String) },
    ]);
  });

  test('of path, query and headers together, under the code of the first', async () => {
    const url = `${base}/shows/x/?limit=51&colour=red`;
    const { code, errors } = await refused(served.call(url, { headers: { 'if-match': 'longer than ten' } }));
    expect(code).toBe('invalid-path');
    expect(errors).toEqual([
      { parameter: 'id', code: 'invalid_format', detail: expect.any(String) },
      { parameter: 'limit', code: 'too_large', detail: expect.any(String) },
      { parameter: 'colour', code: 'unknown_field', detail: expect.any(String) },
      { header: 'if-match', code: 'too_long', detail: expect.any(String) },
    ]);
  });

  test('and a thousand of them do not make an endless answer', async () => {
    const { errors } = await refused(put(Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`x${n}`, n]))));
    expect(errors).toHaveLength(100);
  });
});

describe('a query is refused (Q2, Q3) when', () => {
  test.each([
    ['a parameter that may come once comes twice', 'limit=1&limit=2', 'limit', 'repeated'],
    ['a parameter is unknown', 'limits=1', 'limits', 'unknown_field'],
    ['a number is empty', 'limit=', 'limit', 'invalid_format'],
    ['a number is hexadecimal', 'limit=0x10', 'limit', 'invalid_format'],
    ['a % escape is broken', 'tag=%zz', '', 'invalid_encoding'],
    ['a % escape is not UTF-8', 'tag=%ff', '', 'invalid_encoding'],
    ['a value holds NUL', 'tag=a%00b', 'tag', 'nul_character'],
    ['a parameter is called __proto__', '__proto__=1', '__proto__', 'unknown_field'],
  ])('%s', async (_, query, parameter, itemCode) => {
    const { code, errors } = await refused(served.call(`${base}/shows/1/?${query}`));
    expect(code).toBe('invalid-query');
    expect(errors).toEqual([{ parameter, code: itemCode, detail: expect.any(String) }]);
  });
});

describe('a body is refused as invalid-json when', () => {
  test.each([
    ['it is not JSON', '{"name": "a",}'],
    ['it is cut off', '{"name": "a"'],
    ['it is only spaces', '   '],
  ])('%s', async (_, body) => {
    const { code, errors } = await refused(put(body));
    expect([code, errors]).toEqual(['invalid-json', undefined]);
  });

  test('it is not UTF-8', async () => {
    const init = {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from([0x22, 0xff, 0x22]),
    };
    expect((await refused(served.call(`${base}/shows/1/`, init))).code).toBe('invalid-json');
  });
});

describe('a body that no database could keep as it is, is refused whatever the schema allows (Q2, Q3):', () => {
  test.each([
    ['a lone surrogate', '{"a":["\\ud800"]}', '/a/0', 'lone_surrogate'],
    ['a lone surrogate in a name', '{"\\udc00":1}', '', 'lone_surrogate'],
    ['NUL', '{"a":{"b":"x\\u0000y"}}', '/a/b', 'nul_character'],
    ['2^53 + 1', '{"a":9007199254740993}', '/a', 'inexact_number'],
    ['a number beyond all bounds', '{"a":1e400}', '/a', 'inexact_number'],
    ['__proto__', '{"a":{"__proto__":{"admin":true}}}', '/a', 'unknown_field'],
    ['an equal name twice', '{"a":1,"b":{"c":1,"\\u0063":2}}', '', 'duplicate_name'],
    ['nesting beyond 64', `${'['.repeat(65)}${']'.repeat(65)}`, '/0'.repeat(64), 'too_deep'],
    ['nesting as deep as the body allows', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, '/0'.repeat(64), 'too_deep'],
  ])('%s', async (_, body, pointer, itemCode) => {
    const { code, errors } = await refused(served.send('POST', `${base}/any/`, body));
    expect(code).toBe('invalid-body');
    expect(errors).toEqual([expect.objectContaining({ pointer, code: itemCode })]);
  });

  test('and what can be kept passes: pairs of surrogates, quotes, colons, 64 levels, 2^53 - 1, a tiny number', async () => {
    const body = {
      text: 'a "quoted": \\ 🎙️',
      big: Number.MAX_SAFE_INTEGER,
      tiny: 5e-324,
      deep: nested(63),
      names: { a: { a: 1 } },
    };
    const { status, json } = await served.send('POST', `${base}/any/`, body);
    expect(status).toBe(200);
    expect(json['body']).toEqual(body);
  });
});

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

describe('the media type of a body', () => {
  test.each([
    ['text/plain', {}],
    ['application/x-www-form-urlencoded', {}],
    ['application/merge-patch+json', {}],
    ['application/json; charset=latin1', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
  ])('%s %j is refused for PUT with 415 and what is accepted', async (type, headers) => {
    const { status, json, headers: answered } = await put('{"name":"a"}', { 'content-type': type, ...headers });
    expect([status, json['code']]).toEqual([415, 'unsupported-media-type']);
    expect(answered.get('accept')).toBe('application/json');
  });

  test.each(['application/json', 'application/merge-patch+json', 'Application/JSON; charset=UTF-8'])(
    '%s is accepted for PATCH',
    async (type) => {
      const { status } = await served.send('PATCH', `${base}/shows/1/`, { name: 'a' }, { 'content-type': type });
      expect(status).toBe(200);
    },
  );
});

test('a required body that is missing is an invalid body', async () => {
  const { code, errors } = await refused(served.call(`${base}/shows/1/`, { method: 'PUT' }));
  expect(code).toBe('invalid-body');
  expect(errors).toEqual([{ pointer: '', code: 'required', detail: expect.any(String) }]);
});

test.each(['%', '%zz', '%ff', 'a%00b'])(
  'the path segment %s is a 400, whether a route matches or not',
  async (segment) => {
    expect((await refused(served.call(`${base}/shows/${segment}/`))).code).toBe('invalid-path');
    expect((await refused(served.call(`/${segment}`))).code).toBe('invalid-path');
  },
);
