// GET shows/: filters, orders, and pages that neither repeat nor lose anybody.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pageOf, show, type Show } from '@longwave/contracts';
import fc from 'fast-check';
import { encodeCursor } from '../src/domain/cursor.ts';
import { startStation, type Station } from './support/station.ts';

const pageSchema = pageOf(show);

let station: Station;
const ids: number[] = [];
beforeAll(async () => {
  station = await startStation();
  const names = ['zebra', 'Äpfel', 'apfel', 'Zürich', '100% Jazz', '100 Jazz', 'under_score', 'back\\slash', 'b', 'B'];
  for (const [index, name] of names.entries()) {
    const { body } = await station.call('POST', '/shows/', { name, isActive: index % 2 === 0, isPublic: index < 5 });
    ids.push(Number(body['id']));
  }
});
afterAll(async () => station.close());

/** Follows `next` to the end. */
async function listAll(query: string): Promise<Show[]> {
  const items: Show[] = [];
  let path: string | null = `/shows/?${query}`;
  for (let pages = 0; path !== null; pages += 1) {
    if (pages > 50) throw new Error('the list has no end');
    const { status, body } = await station.get(path);
    expect(status).toBe(200);
    const page = pageSchema.parse(body);
    items.push(...page.items);
    path = page.next;
  }
  return items;
}

const names = async (query: string): Promise<string[]> => (await listAll(query)).map(({ name }) => name);

test('an ordinary request lists all by id, and the last page says so', async () => {
  const { body } = await station.get('/shows/');
  const { items, next } = pageSchema.parse(body);
  expect(items.map(({ id }) => id)).toEqual(ids);
  expect(next).toBeNull();
});

test('by name is as people sort: case and accents do not count, descending is the reverse', async () => {
  const ascending = await names('order=name');
  expect(ascending).toEqual([
    '100 Jazz',
    '100% Jazz',
    'Äpfel',
    'apfel',
    'b',
    'B',
    'back\\slash',
    'under_score',
    'zebra',
    'Zürich',
  ]);
  expect(await names('order=-name')).toEqual(ascending.toReversed());
});

test('A2: pages of every size in every order, put together, are the whole list', async () => {
  const orders = ['id', '-id', 'name', '-name', 'updatedAt', '-updatedAt'];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...orders), fc.integer({ min: 1, max: 12 }), async (order, limit) => {
      expect(await names(`order=${order}&limit=${limit}`)).toEqual(await names(`order=${order}&limit=200`));
    }),
    { numRuns: 30 },
  );
});

test('A2: a show that comes or goes between two pages neither hides nor repeats another', async () => {
  const first = await station.get('/shows/?limit=4&order=name&q=a');
  const { items: shown, next } = pageSchema.parse(first.body);
  const comes = await station.call('POST', '/shows/', { name: '0 aaa' });
  const goes = await station.call('POST', '/shows/', { name: 'zzz a' });
  await station.call('DELETE', `/shows/${String(goes.body['id'])}/`);
  const { items: rest } = pageSchema.parse((await station.get(String(next))).body);
  await station.call('DELETE', `/shows/${String(comes.body['id'])}/`);
  expect([...shown, ...rest].map(({ id }) => id)).toEqual((await listAll('order=name&q=a')).map(({ id }) => id));
});

test.each([
  ['isActive=false', ['Äpfel', 'Zürich', '100 Jazz', 'back\\slash', 'B']],
  ['isPublic=true', ['zebra', 'Äpfel', 'apfel', 'Zürich', '100% Jazz']],
  ['isActive=true&isPublic=false', ['under_score', 'b']],
  ['slug=zurich', ['Zürich']],
  ['slug=nobody', []],
  ['q=%C3%84PF', ['Äpfel', 'apfel']],
  ['q=zur', ['Zürich']],
  ['q=%25', ['100% Jazz']],
  ['q=_', ['under_score']],
  ['q=%5C', ['back\\slash']],
  ['q=*', []],
  ["q='", []],
])('%s lists %j', async (query, expected) => {
  expect(await names(query)).toEqual(expected);
  expect(await names(`${query}&limit=1`)).toEqual(expected);
});

test('ids lists those that are there, in order, once', async () => {
  const [first = 0, second = 0, third = 0] = ids;
  const found = await listAll(`ids=${third},999999,${first},${second},${first}`);
  expect(found.map(({ id }) => id)).toEqual([first, second, third]);
});

test('next repeats the question: filters, order and limit are in it', async () => {
  const { body } = await station.get('/shows/?isActive=true&order=-name&limit=2&q=a');
  const next = new URL(String(body['next']), 'http://x');
  expect(next.pathname).toBe('/steering/api/v1/shows/');
  expect(Object.fromEntries(next.searchParams)).toEqual({
    isActive: 'true',
    order: '-name',
    limit: '2',
    q: 'a',
    cursor: expect.any(String),
  });
});

test('a page has a version, which changes when anything on it does', async () => {
  const page = await station.get('/shows/?limit=3');
  expect(await station.get('/shows/?limit=3', { 'if-none-match': page.etag })).toMatchObject({ status: 304, text: '' });
  await station.call('PATCH', `/shows/${ids[1]}/`, { internalNote: 'touched' });
  const touched = await station.get('/shows/?limit=3', { 'if-none-match': page.etag });
  expect(touched.status).toBe(200);
  expect(touched.etag).not.toBe(page.etag);
});

describe('A2: a cursor', () => {
  let cursor: string;
  beforeAll(async () => {
    const { body } = await station.get('/shows/?limit=1');
    cursor = new URL(String(body['next']), 'http://x').searchParams.get('cursor') ?? '';
  });
  const scope = { collection: 'shows', order: 'name', filters: {} };
  test.each([
    ['of another order', () => `cursor=${cursor}&order=name`],
    ['of other filters', () => `cursor=${cursor}&isActive=true`],
    ['that was cut', () => `cursor=${cursor.slice(0, -3)}`],
    ['that is no cursor', () => 'cursor=42'],
    ['that is empty', () => 'cursor='],
    ['with a NUL under the right checksum', () => `order=name&cursor=${encodeCursor(scope, ['\u0000', 1])}`],
    ['with an id beyond the column', () => `order=name&cursor=${encodeCursor(scope, ['a', 2 ** 31])}`],
  ])('%s is refused', async (_, query) => {
    expect(await station.get(`/shows/?${query()}`)).toMatchObject({ status: 400, body: { code: 'invalid-cursor' } });
  });
});

test.each([
  'limit=0',
  'limit=201',
  'limit=-1',
  'limit=1.5',
  'limit=',
  'limit=1&limit=2',
  'order=slug',
  'order=',
  'isActive=yes',
  'isActive=',
  'ids=',
  'ids=1,',
  'ids=a',
  'ids=1;2',
  'ids=2147483648',
  `ids=${Array.from({ length: 201 }, () => 1).join(',')}`,
  'q=%00',
  `q=${'a'.repeat(256)}`,
  'q=%ff',
  'unknown=1',
  '__proto__=1',
  `cursor=${'a'.repeat(5_000)}`,
])('?%s is 400 invalid-query', async (query) => {
  expect(await station.get(`/shows/?${query}`)).toMatchObject({ status: 400, body: { code: 'invalid-query' } });
});
