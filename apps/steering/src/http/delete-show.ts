// DELETE shows/{id}/
import { route, type Route } from '@longwave/runtime';
import { z } from 'zod';
import type { ChangeShowDeps } from './change-show.ts';
import { showParams } from './parameters.ts';
import { checkPreconditions, ifMatchHeader } from './preconditions.ts';

export function deleteShow({ shows, transactions }: ChangeShowDeps): Route {
  return route({
    method: 'delete',
    path: '/shows/:id/',
    summary: 'Delete a show',
    description: 'Refused while something hangs on it; the problem then lists what does.',
    tags: ['shows'],
    permission: 'program:write',
    params: showParams,
    headers: z.object({ 'if-match': ifMatchHeader }),
    responses: {
      204: { description: 'It is gone' },
      400: { description: 'The id is no number of the right size', problems: ['invalid-path'] },
      404: { description: 'No such show', problems: ['show-not-found'] },
      409: { description: 'It is the predecessor of others', problems: ['in-use'] },
      412: { description: 'It has changed since the version named by If-Match', problems: ['precondition-failed'] },
      503: { description: 'The database is away', problems: ['database-unavailable', 'too-busy'] },
    },
    handler: async ({ params, headers, cause }) => {
      await transactions.run(cause, (transaction) =>
        shows.remove(transaction, params.id, (current) => checkPreconditions(headers, current)),
      );
      return { status: 204 };
    },
  });
}
