// GET shows/{id}/
import { route, type Route } from '@longwave/runtime';
import type { ShowStore } from '../store/show-store.ts';
import { showParams } from './parameters.ts';
import { showAnswer, showReply } from './show-reply.ts';

export function readShow({ shows }: { readonly shows: ShowStore }): Route {
  return route({
    method: 'get',
    path: '/shows/:id/',
    summary: 'One show',
    tags: ['shows'],
    permission: 'public',
    params: showParams,
    responses: {
      200: { description: 'The show', ...showAnswer },
      304: { description: 'It still has the ETag of If-None-Match' },
      400: { description: 'The id is no number of the right size', problems: ['invalid-path'] },
      404: { description: 'No such show', problems: ['show-not-found'] },
      503: { description: 'The database is away', problems: ['database-unavailable'] },
    },
    handler: async ({ params }) => showReply(200, await shows.find(params.id)),
  });
}
