// DELETE <collection>/{id}/
import { route, type Route } from '@longwave/runtime';
import { z } from 'zod';
import { referencesTo } from '../resources/all.ts';
import { aNoun, databaseAway, inUse, itemParams, itemPath, WRITE_PERMISSION, type ChangeDeps } from './collection.ts';
import { checkPreconditions, ifMatchHeader } from './preconditions.ts';

export function deleteResource({ store, transactions }: ChangeDeps): Route {
  const { resource } = store;
  const { noun, type, collection } = resource;
  const isReferredTo = referencesTo(resource.table).length > 0;
  return route({
    method: 'delete',
    path: itemPath(resource),
    summary: `Delete ${aNoun(resource)}`,
    description: isReferredTo ? 'Refused while something hangs on it; the problem then lists what does.' : '',
    tags: [collection],
    permission: WRITE_PERMISSION,
    params: itemParams(resource),
    headers: z.object({ 'if-match': ifMatchHeader }),
    responses: {
      204: { description: 'It is gone' },
      400: { description: 'The id is no number of the right size', problems: ['invalid-path'] },
      404: { description: `No such ${noun}`, problems: [`${type}-not-found`] },
      ...(isReferredTo ? { 409: { description: 'Others refer to it', ...inUse } } : {}),
      412: { description: 'It has changed since the version named by If-Match', problems: ['precondition-failed'] },
      503: databaseAway,
    },
    handler: async ({ params, headers, cause }) => {
      await transactions.run(cause, (transaction) =>
        store.remove(transaction, params.id, (current) => checkPreconditions(headers, current)),
      );
      return { status: 204 };
    },
  });
}
