// GET <collection>/
import { pageOf } from '@longwave/contracts';
import { route, type Route } from '@longwave/runtime';
import { z } from 'zod';
import { listCursor, listOrder, orderNames, readListCursor } from '../domain/resource-list.ts';
import type { Content, Filter } from '../domain/resource.ts';
import { ids } from '../resources/filters.ts';
import type { ResourceReader } from '../store/resource-store.ts';
import { collectionPath } from './collection.ts';
import { pageTag } from './entity-tag.ts';
import { nextPage } from './next-page.ts';
import { pageParameters } from './parameters.ts';

export function listResources({ store }: { readonly store: ResourceReader }): Route {
  const { resource } = store;
  const { collection, answer } = resource;
  const filters = { ...resource.filters, ids };
  return route({
    method: 'get',
    path: collectionPath(resource),
    summary: `All ${collection}, by pages`,
    description: `What is there all the time while you follow \`next\` is listed once.`,
    tags: [collection],
    permission: 'public',
    query: queryOf(filters, orderNames(resource)),
    responses: {
      200: { description: 'A page', body: pageOf(answer), headers: { etag: 'The version of the page' } },
      304: { description: 'The page still has the ETag of If-None-Match' },
      400: { description: 'The query is wrong', problems: ['invalid-query', 'invalid-cursor'] },
      503: { description: 'The database is away', problems: ['database-unavailable'] },
    },
    handler: async ({ query: { limit, cursor, order: orderName, ...asked }, raw }) => {
      const order = listOrder(resource, orderName);
      const scope = { collection, order: orderName, filters: asked };
      const after = cursor === undefined ? undefined : readListCursor(scope, order, cursor);
      const page = await store.list({ where: conditions(filters, asked), order, limit, after });
      const next = page.last === undefined ? null : nextPage(raw.originalUrl, listCursor(scope, order, page.last));
      const tagged = page.records.map(({ id, revision }) => ({ identity: String(id), revision }));
      return {
        status: 200,
        body: { items: await store.represent(page.records), next },
        headers: { etag: pageTag(tagged, next) },
      };
    },
  });
}

function queryOf(filters: Readonly<Record<string, Filter>>, names: readonly [string, ...string[]]) {
  const order = z
    .enum(names)
    .default('id')
    .meta({ description: '`-` for descending; texts without regard to case and accents' });
  const shape = Object.fromEntries(Object.entries(filters).map(([name, { schema }]) => [name, schema]));
  return z.object({ ...shape, order, ...pageParameters });
}

function conditions(filters: Readonly<Record<string, Filter>>, asked: Content): readonly object[] {
  return Object.entries(filters).flatMap(([name, { where }]) => {
    const value = asked[name];
    return value === undefined ? [] : [where(value)];
  });
}
