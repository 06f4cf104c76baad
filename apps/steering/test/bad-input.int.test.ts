// R9: bad input gets a clear 4xx, is never stored, never becomes a 5xx.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Answer } from './support/client.ts';
import { startStation, tables, type Station } from './support/station.ts';

let station: Station;
let path: string;
let before: unknown;

beforeAll(async () => {
  station = await startStation();
  const made = await station.call('POST', '/shows/', { name: 'Untouched' });
  path = `/shows/${String(made.body['id'])}/`;
  await station.call('PUT', '/packages/untouched/1.0.0', { vendor: 'V' });
  before = await everything();
});
afterAll(async () => station.close());

/** All rows of all tables, and how much was told. */
async function everything(): Promise<unknown> {
  const told = [await station.messages('resource'), await station.messages('events')].map(({ length }) => length);
  const rows = await Promise.all(tables.map(async (table) => (await station.pool.query(`TABLE ${table}`)).rows));
  return { told, rows };
}

function expectClientError(answer: Answer, code: unknown = expect.stringMatching(/^[a-z-]+$/)): void {
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.body).toMatchObject({ status: answer.status, code });
}

const deep = (levels: number): string => `{"name":${'['.repeat(levels)}1${']'.repeat(levels)}}`;

/** Wrong as a show, whichever way it is sent; the bodies are texts because most are no JSON a serializer would make. */
const bodies: readonly (readonly [string, string, string])[] = [
  ['an unknown field', '{"name":"a","nmae":"b"}', 'invalid-body'],
  ['an id of its own', '{"name":"a","id":7}', 'invalid-body'],
  ['a revision of its own', '{"name":"a","revision":7}', 'invalid-body'],
  ['a number for a name', '{"name":1}', 'invalid-body'],
  ['null for a name', '{"name":null}', 'invalid-body'],
  ['an empty name', '{"name":""}', 'invalid-body'],
  ['a blank name', '{"name":" \\t "}', 'invalid-body'],
  ['a name of two lines', '{"name":"a\\nb"}', 'invalid-body'],
  ['a name with the line separator of Unicode', '{"name":"a\\u2028b"}', 'invalid-body'],
  ['a name of 256 characters', JSON.stringify({ name: 'a'.repeat(256) }), 'invalid-body'],
  ['a NUL', '{"name":"a\\u0000b"}', 'invalid-body'],
  ['a NUL in prose', '{"name":"a","description":"\\u0000"}', 'invalid-body'],
  ['a control character in prose', '{"name":"a","description":"\\u001b[2J"}', 'invalid-body'],
  ['half a surrogate pair', '{"name":"\\ud800"}', 'invalid-body'],
  ['the other half', '{"name":"a","description":"\\udc00x"}', 'invalid-body'],
  ['a name for a member that is half a pair', '{"name":"a","\\ud800":1}', 'invalid-body'],
  ['a member twice', '{"name":"a","name":"b"}', 'invalid-body'],
  ['__proto__', '{"name":"a","__proto__":{"isAdmin":true}}', 'invalid-body'],
  ['constructor', '{"name":"a","constructor":{"prototype":{}}}', 'invalid-body'],
  ['nesting', deep(63), 'invalid-body'],
  ['deep nesting', deep(10_000), 'invalid-body'],
  ['a number that cannot be', '{"name":"a","predecessorId":1e400}', 'invalid-body'],
  ['a number beyond 2^53', '{"name":"a","predecessorId":9007199254740993}', 'invalid-body'],
  ['a predecessor beyond the column', '{"name":"a","predecessorId":2147483648}', 'invalid-body'],
  ['half a predecessor', '{"name":"a","predecessorId":1.5}', 'invalid-body'],
  ['no predecessor at all', '{"name":"a","predecessorId":0}', 'invalid-body'],
  ['a slug with a wildcard', '{"name":"a","slug":"a*"}', 'invalid-body'],
  ['a slug with a dot', '{"name":"a","slug":"a.b"}', 'invalid-body'],
  ['a slug with capitals', '{"name":"a","slug":"A"}', 'invalid-body'],
  ['a slug of hyphens', '{"name":"a","slug":"--"}', 'invalid-body'],
  ['an empty slug', '{"name":"a","slug":""}', 'invalid-body'],
  ['a slug of 256 characters', JSON.stringify({ name: 'a', slug: 'a'.repeat(256) }), 'invalid-body'],
  ['a text for a flag', '{"name":"a","isActive":"true"}', 'invalid-body'],
  ['a language that is none', '{"name":"a","languages":["english please"]}', 'invalid-body'],
  ['33 languages', JSON.stringify({ name: 'a', languages: Array.from({ length: 33 }, () => 'de') }), 'invalid-body'],
  ['a link that runs', '{"name":"a","links":[{"type":"x","url":"javascript:alert(1)"}]}', 'invalid-body'],
  ['a link with a line end', '{"name":"a","links":[{"type":"x","url":"https://a\\n.b"}]}', 'invalid-body'],
  ['a link without a type', '{"name":"a","links":[{"url":"https://a.b"}]}', 'invalid-body'],
  ['an object for a list', '{"name":"a","links":{"0":{}}}', 'invalid-body'],
  ['an array for a show', '[{"name":"a"}]', 'invalid-body'],
  ['a text for a show', '"name"', 'invalid-body'],
  ['null for a show', 'null', 'invalid-body'],
  ['no JSON', '{"name":', 'invalid-json'],
  ['JavaScript', "{name:'a'}", 'invalid-json'],
  ['a trailing comma', '{"name":"a",}', 'invalid-json'],
  ['NaN', '{"name":NaN}', 'invalid-json'],
  ['two documents', '{"name":"a"}{"name":"b"}', 'invalid-json'],
  ['a megabyte', JSON.stringify({ name: 'a', description: 'x'.repeat(1_000_000) }), 'body-too-large'],
  ['more than a description may have', JSON.stringify({ name: 'a', description: 'x'.repeat(20_001) }), 'invalid-body'],
];

describe.each(['POST', 'PUT', 'PATCH'])('a %s of a show', (method) => {
  test.each(bodies)('with %s is refused', async (_, body, code) => {
    expectClientError(await station.call(method, method === 'POST' ? '/shows/' : path, body), code);
  });

  test.each([
    ['text/plain', '{"name":"a"}'],
    ['application/x-www-form-urlencoded', 'name=a'],
    ['application/json; charset=latin1', '{"name":"a"}'],
    ['multipart/form-data; boundary=x', '--x--'],
  ])('as %s is refused', async (type, body) => {
    const answer = await station.call(method, method === 'POST' ? '/shows/' : path, body, { 'content-type': type });
    expectClientError(answer, 'unsupported-media-type');
  });
});

test('a POST without a body is refused', async () => {
  expectClientError(await station.call('POST', '/shows/'), 'invalid-body');
});

describe('a PUT of a package', () => {
  test.each([
    ['an unknown field', { vendro: 'x' }],
    ['its own identity', { packageId: { name: 'other', version: '1.0.0' } }],
    ['another namespace', { namespace: 'other' }],
    ['a number for a vendor', { vendor: 1 }],
    ['null for a vendor', { vendor: null }],
    ['an empty vendor', { vendor: '' }],
    ['a dependency without a range', { dependencies: [{ name: 'a' }] }],
    ['a dependency on anything', { dependencies: [{ name: '*', range: '*' }] }],
    ['a range that is none', { dependencies: [{ name: 'a', range: '$(rm)' }] }],
    ['257 dependencies', { dependencies: Array.from({ length: 257 }, () => ({ name: 'a', range: '*' })) }],
    ['a NUL', { description: '\u0000' }],
    ['half a surrogate pair', { description: '\ud800' }],
    ['nothing at all', undefined],
  ])('with %s is refused', async (_, body) => {
    expectClientError(await station.call('PUT', '/packages/untouched/1.0.0', body), 'invalid-body');
    expectClientError(await station.call('PUT', '/packages/new/1.0.0', body), 'invalid-body');
  });
});

test.each([
  ['GET', '/', 404],
  ['GET', '/shows/1/more/', 404],
  ['GET', '/Shows/', 404],
  ['POST', '/shows/1/', 405],
  ['DELETE', '/shows/', 405],
  ['PUT', '/shows/', 405],
  ['DELETE', '/packages/untouched/1.0.0', 405],
  ['POST', '/packages/', 405],
  ['GET', '/packages/untouched', 404],
])('%s %s is %i', async (method, wrong, status) => {
  const answer = await station.call(method, wrong);
  expectClientError(answer);
  expect(answer.status).toBe(status);
});

test('A6: after all of it everything is as it was before', async () => {
  expect(await everything()).toEqual(before);
});
