// GET /packages/: the packages of the caller's namespace, page by page.
import { namespace, packageName, packageResource, pageOf } from '@longwave/contracts';
import { decimalInteger, route, type Route } from '@longwave/runtime';
import { z } from 'zod';
import { decodeCursor, encodeCursor, type PackageQuery } from '../domain/package-query.ts';
import type { PackageStore } from '../domain/package-store.ts';
import { illegalCursor } from './package-problems.ts';

const LIMIT_MAX = 1_000;
const CURSOR_LENGTH_MAX = 1_024;

const query = z.object({
  name: packageName.optional(),
  limit: decimalInteger({ min: 1, max: LIMIT_MAX }).default(100),
  cursor: z.string().max(CURSOR_LENGTH_MAX).optional(),
});

/** `collection`: the path under which clients reach it, for `next`. */
export const listPackages = (packages: PackageStore, collection: string): Route =>
  route({
    method: 'get',
    path: '/packages/',
    summary: 'The packages of a namespace, by name and version',
    tags: ['packages'],
    permission: 'public',
    query,
    headers: z.object({ 'x-namespace': namespace.default('default') }),
    responses: {
      200: { description: 'A page; `next` is null on the last one', body: pageOf(packageResource) },
      400: { description: 'The cursor belongs to another question', problems: ['invalid-cursor'] },
      503: { description: 'The database is away', problems: ['database-unavailable'] },
    },
    handler: async ({ query: { name, limit, cursor }, headers }) => {
      const question: PackageQuery = { namespace: headers['x-namespace'], name };
      const after = cursor === undefined ? undefined : decodeCursor(question, cursor);
      if (cursor !== undefined && after === undefined) throw illegalCursor();
      // One more than asked for tells whether there is a next page.
      const found = await packages.list(question, { after, limit: limit + 1 });
      const items = found.slice(0, limit);
      const last = found.length > limit ? items.at(-1) : undefined;
      const next =
        last === undefined ? null : nextPath(collection, question, limit, encodeCursor(question, last.packageId));
      return { status: 200, body: { items, next }, headers: { vary: 'x-namespace' } };
    },
  });

function nextPath(collection: string, { name }: PackageQuery, limit: number, cursor: string): string {
  const parameters = new URLSearchParams({ ...(name !== undefined && { name }), limit: String(limit), cursor });
  return `${collection}?${parameters.toString()}`;
}
