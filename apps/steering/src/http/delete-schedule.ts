// DELETE schedules/{id}/
import { route, type Route } from '@longwave/runtime';
import { z } from 'zod';
import { schedules } from '../resources/schedule.ts';
import { databaseAway, inUse, itemParams, itemPath, WRITE_PERMISSION } from './collection.ts';
import { checkPreconditions, ifMatchHeader } from './preconditions.ts';
import type { ScheduleDeps } from './schedule-reply.ts';

export function deleteSchedule({ writer, transactions }: ScheduleDeps): Route {
  return route({
    method: 'delete',
    path: itemPath(schedules),
    summary: 'Delete a schedule, with its timeslots',
    description: 'All of them, and their repetitions. Refused while other schedules repeat it.',
    tags: [schedules.collection],
    permission: WRITE_PERMISSION,
    params: itemParams(schedules),
    headers: z.object({ 'if-match': ifMatchHeader }),
    responses: {
      204: { description: 'It is gone' },
      400: { description: 'The id is no number of the right size', problems: ['invalid-path'] },
      404: { description: 'No such schedule', problems: ['schedule-not-found'] },
      409: { description: 'Others repeat it', ...inUse },
      412: { description: 'It has changed since the version named by If-Match', problems: ['precondition-failed'] },
      503: databaseAway,
    },
    handler: async ({ params, headers, cause }) => {
      await transactions.run(cause, (transaction) =>
        writer.remove(transaction, params.id, (current) => checkPreconditions(headers, current)),
      );
      return { status: 204 };
    },
  });
}
