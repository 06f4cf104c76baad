// POST schedules/: the first of the two steps when something is there already, and the second.
import { schedule, scheduleDryRun, scheduleInput } from '@longwave/contracts';
import { route, type Route } from '@longwave/runtime';
import { z } from 'zod';
import { schedules } from '../resources/schedule.ts';
import { collectionPath, databaseAway, WRITE_PERMISSION } from './collection.ts';
import { answerOnce, idempotencyKeyHeader, replayedHeader } from './idempotency.ts';
import { conflictDeclaration, scheduleReply, stepsOf, type ScheduleDeps } from './schedule-reply.ts';
import { resourceAnswer } from './resource-reply.ts';

export function createSchedule(deps: ScheduleDeps): Route {
  const { writer, transactions, keys } = deps;
  const path = collectionPath(schedules);
  return route({
    method: 'post',
    path,
    summary: 'Create a schedule, with its timeslots',
    description:
      'Where other timeslots are in the way the answer is 409, with what may be done about each; send the same request ' +
      'again with `solutions`. Everything happens, or nothing. With `dryrun` nothing does, and the answer says what would.',
    tags: [schedules.collection],
    permission: WRITE_PERMISSION,
    headers: z.object({ 'idempotency-key': idempotencyKeyHeader }),
    body: scheduleInput,
    responses: {
      200: { description: 'A dry run: what would happen', body: scheduleDryRun },
      201: {
        description: 'The new schedule',
        body: schedule,
        headers: { ...resourceAnswer(schedules).headers, location: 'Its absolute address', ...replayedHeader },
      },
      400: {
        description: 'The request is wrong',
        problems: ['invalid-body', 'invalid-json', 'unknown-reference', 'repetition-chain', 'impossible-times'],
      },
      409: conflictDeclaration,
      422: { description: 'The key was used for another body', problems: ['idempotency-key-reused'] },
      503: databaseAway,
    },
    handler: ({ body, headers, cause }) =>
      transactions.run(cause, (transaction) => {
        const request = { caller: cause.actor, route: `POST ${path}`, key: headers['idempotency-key'], body };
        return answerOnce(keys, transaction, request, async () => {
          const { content, steps } = stepsOf(body);
          return scheduleReply(deps, 201, await writer.create(transaction, content, steps));
        });
      }),
  });
}
