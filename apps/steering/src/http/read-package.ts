// GET packages/{name}/{version}
import { route, type Route } from '@longwave/runtime';
import { z } from 'zod';
import type { PackageStore } from '../store/package-store.ts';
import { packageAnswer, packageReply } from './package-reply.ts';
import { namespaceHeader, packageParams } from './parameters.ts';

export function readPackage({ packages }: { readonly packages: PackageStore }): Route {
  return route({
    method: 'get',
    path: '/packages/:name/:version',
    summary: 'One package',
    tags: ['packages'],
    permission: 'fleet:read',
    params: packageParams,
    headers: z.object({ 'x-namespace': namespaceHeader }),
    responses: {
      200: { description: 'The package', ...packageAnswer },
      304: { description: 'It still has the ETag of If-None-Match' },
      400: { description: 'No package can be called that', problems: ['invalid-path', 'invalid-header'] },
      404: { description: 'No such package in this namespace', problems: ['package-not-found'] },
      503: { description: 'The database is away', problems: ['database-unavailable'] },
    },
    handler: async ({ params, headers }) =>
      packageReply(200, await packages.find({ namespace: headers['x-namespace'], packageId: params })),
  });
}
