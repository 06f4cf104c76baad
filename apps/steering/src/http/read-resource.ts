// GET <collection>/{id}/
import { route, type Route } from '@longwave/runtime';
import type { ResourceReader } from '../store/resource-store.ts';
import { itemParams, itemPath } from './collection.ts';
import { resourceAnswer, resourceReply } from './resource-reply.ts';

export function readResource({ store }: { readonly store: ResourceReader }): Route {
  const { resource } = store;
  const { noun, type, collection } = resource;
  return route({
    method: 'get',
    path: itemPath(resource),
    summary: `One ${noun}`,
    tags: [collection],
    permission: 'public',
    params: itemParams(resource),
    responses: {
      200: { description: `The ${noun}`, ...resourceAnswer(resource) },
      304: { description: 'It still has the ETag of If-None-Match' },
      400: { description: 'The id is no number of the right size', problems: ['invalid-path'] },
      404: { description: `No such ${noun}`, problems: [`${type}-not-found`] },
      503: { description: 'The database is away', problems: ['database-unavailable'] },
    },
    handler: async ({ params }) => resourceReply(200, store, await store.find(params.id)),
  });
}
