// GET packages/
import { packageName, packageResource, pageOf } from '@longwave/contracts';
import { route, type Route } from '@longwave/runtime';
import { z } from 'zod';
import { packageCursor, readPackageCursor } from '../domain/package-list.ts';
import { representPackage } from '../domain/package.ts';
import type { PackageStore } from '../store/package-store.ts';
import { pageTag } from './entity-tag.ts';
import { nextPage } from './next-page.ts';
import { namespaceHeader, pageParameters } from './parameters.ts';

const query = z.object({
  name: packageName.optional().meta({ description: 'Only the versions of this one', example: 'playout-engine' }),
  ...pageParameters,
});

export function listPackages({ packages }: { readonly packages: PackageStore }): Route {
  return route({
    method: 'get',
    path: '/packages/',
    summary: 'All packages of a namespace, by pages',
    description: 'By name, then by version, both as text. Follow `next` with the same x-namespace.',
    tags: ['packages'],
    permission: 'fleet:read',
    headers: z.object({ 'x-namespace': namespaceHeader }),
    query,
    responses: {
      200: { description: 'A page', body: pageOf(packageResource), headers: { etag: 'The version of the page' } },
      304: { description: 'The page still has the ETag of If-None-Match' },
      400: {
        description: 'The query or the namespace is wrong',
        problems: ['invalid-query', 'invalid-header', 'invalid-cursor'],
      },
      503: { description: 'The database is away', problems: ['database-unavailable'] },
    },
    handler: async ({ query: asked, headers, raw }) => {
      const { name, limit, cursor } = asked;
      const filters = { namespace: headers['x-namespace'], name };
      const after = cursor === undefined ? undefined : readPackageCursor(filters, cursor);
      const page = await packages.list({ filters, limit, after });
      const last = page.hasMore ? page.packages.at(-1) : undefined;
      const next = last === undefined ? null : nextPage(raw.originalUrl, packageCursor(filters, last.packageId));
      const tagged = page.packages.map(({ packageId, revision }) => ({
        identity: `${packageId.name}/${packageId.version}`,
        revision,
      }));
      return {
        status: 200,
        body: { items: page.packages.map(representPackage), next },
        headers: { etag: pageTag(tagged, next), vary: 'x-namespace' },
      };
    },
  });
}
