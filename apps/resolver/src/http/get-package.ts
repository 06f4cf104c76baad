// GET /packages/{name}/{version}: one package of the caller's namespace.
import { createHash } from 'node:crypto';
import { namespace, packageName, packageResource, packageVersion, type PackageResource } from '@longwave/contracts';
import { route, type Route } from '@longwave/runtime';
import { z } from 'zod';
import type { PackageStore } from '../domain/package-store.ts';
import { noSuchPackage } from './package-problems.ts';

export const getPackage = (packages: PackageStore): Route =>
  route({
    method: 'get',
    path: '/packages/:name/:version',
    summary: 'One package',
    tags: ['packages'],
    permission: 'public',
    params: z.object({ name: packageName, version: packageVersion }),
    headers: z.object({ 'x-namespace': namespace.default('default') }),
    responses: {
      200: { description: 'The package', body: packageResource, headers: { etag: 'Changes with the package' } },
      304: { description: 'It is still the one that If-None-Match names' },
      404: { description: 'No such package', problems: ['package-not-found'] },
      503: { description: 'The database is away', problems: ['database-unavailable'] },
    },
    handler: async ({ params, headers }) => {
      const found = await packages.find({ namespace: headers['x-namespace'], ...params });
      if (found === undefined) throw noSuchPackage();
      return { status: 200, body: found, headers: { etag: etagOf(found), vary: 'x-namespace' } };
    },
  });

/** Of the content: two changes within a millisecond have the same time, and all replicas must agree. */
function etagOf(resource: PackageResource): string {
  return `"${createHash('sha256').update(JSON.stringify(resource)).digest('base64url').slice(0, 27)}"`;
}
