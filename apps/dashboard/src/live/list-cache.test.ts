// The cache against a real QueryClient, with pages that arrive when the test says so.
import { afterEach, expect, test } from '@jest/globals';
import { QueryClient } from '@tanstack/react-query';
import { until } from '../testing/until.ts';
import { ITEMS_MAX, ListCache, type Page } from './list-cache.ts';
import type { LiveList } from './live-list.ts';

type Item = { readonly id: number; readonly at: string };

const item = (id: number, second = 0): Item => ({ id, at: new Date(second * 1_000).toISOString() });
const clients: QueryClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.clear();
});

function createCache(readPage: (path: string) => Promise<Page<Item>>): {
  readonly cache: ListCache<Item>;
  readonly load: () => Promise<LiveList<Item>>;
  readonly list: () => LiveList<Item> | undefined;
} {
  const queryClient = new QueryClient();
  clients.push(queryClient);
  const cache = new ListCache<Item>({
    queryClient,
    name: 'items',
    traits: { keyOf: ({ id }) => String(id), stampOf: ({ at }) => at, compare: (a, b) => a.id - b.id },
    firstPage: '/1',
    readPage,
    now: () => new Date(0),
  });
  return {
    cache,
    load: () =>
      queryClient.fetchQuery({ queryKey: cache.queryKey, queryFn: ({ signal }) => cache.load(signal), staleTime: 0 }),
    list: () => queryClient.getQueryData<LiveList<Item>>(cache.queryKey),
  };
}

test('all pages are one list', async () => {
  const pages: Record<string, Page<Item>> = {
    '/1': { items: [item(1), item(2)], next: '/2' },
    '/2': { items: [item(3)], next: null },
  };
  const { load } = createCache(async (path) => pages[path] ?? { items: [], next: null });
  const list = await load();
  expect(list.items.map(({ id }) => id)).toEqual([1, 2, 3]);
  expect(list.complete).toBe(true);
});

test('a collection without an end is read up to a bound, and the list says so', async () => {
  let read = 0;
  const { load } = createCache(async () => {
    read += 100;
    return { items: Array.from({ length: 100 }, (_, index) => item(read + index)), next: '/on' };
  });
  const list = await load();
  expect(list.items).toHaveLength(ITEMS_MAX);
  expect(list.complete).toBe(false);
});

test('L3 what is told while the list is read is in the list', async () => {
  const page = Promise.withResolvers<Page<Item>>();
  const { cache, load, list } = createCache(() => page.promise);
  const loading = load();
  cache.put(item(2, 5));
  cache.put(item(3));
  cache.remove('1');
  page.resolve({ items: [item(1), item(2)], next: null });
  await loading;
  expect(list()?.items).toEqual([item(2, 5), item(3)]);
});

test('after a gap what was told before is not believed any more', async () => {
  const pages: Page<Item>[] = [{ items: [item(1)], next: null }];
  const { cache, load, list } = createCache(async () => pages.shift() ?? { items: [], next: null });
  await load();
  cache.put(item(2));
  expect(list()?.items).toHaveLength(2);
  await cache.reload();
  // Nobody looks at the list here, so it is only marked; a panel would read it by itself.
  await load();
  await until('an empty list', () => list()?.items.length === 0);
});

test('what is told before anything was read waits for the list', async () => {
  const { cache, load, list } = createCache(async () => ({ items: [], next: null }));
  cache.put(item(1));
  expect(list()).toBeUndefined();
  await load();
  expect(list()?.items).toEqual([item(1)]);
});
