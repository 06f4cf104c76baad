// PUT and PATCH schedules/{id}/: as POST, in two steps where something is in the way.
import { scheduleDryRun, scheduleInput, schedulePatch } from '@longwave/contracts';
import { route, type RequestCause, type Route } from '@longwave/runtime';
import { z } from 'zod';
import { patchContent, replaceContent } from '../domain/content.ts';
import type { Content } from '../domain/resource.ts';
import { schedules } from '../resources/schedule.ts';
import { databaseAway, itemParams, itemPath, WRITE_PERMISSION } from './collection.ts';
import { checkPreconditions, ifMatchHeader, type Preconditions } from './preconditions.ts';
import { resourceAnswer } from './resource-reply.ts';
import { conflictDeclaration, scheduleReply, stepsOf, type ScheduleBody, type ScheduleDeps } from './schedule-reply.ts';

const contract = {
  path: itemPath(schedules),
  params: itemParams(schedules),
  tags: [schedules.collection],
  permission: WRITE_PERMISSION,
  headers: z.object({ 'if-match': ifMatchHeader }),
  responses: {
    200: {
      description: 'The schedule as it is now; of a dry run: what would happen',
      body: z.union([schedules.answer, scheduleDryRun]),
      headers: resourceAnswer(schedules).headers,
    },
    400: {
      description: 'The request is wrong',
      problems: [
        'invalid-path',
        'invalid-body',
        'invalid-json',
        'unknown-reference',
        'repetition-chain',
        'impossible-times',
        'schedule-moved',
      ],
    },
    404: { description: 'No such schedule', problems: ['schedule-not-found'] },
    409: conflictDeclaration,
    412: { description: 'It has changed since the version named by If-Match', problems: ['precondition-failed'] },
    503: databaseAway,
  },
} as const;

export function replaceSchedule(deps: ScheduleDeps): Route {
  return route({
    ...contract,
    method: 'put',
    summary: 'Replace a schedule',
    description:
      'Its timeslots that are not over are planned anew; those that keep their date keep their episode, media and memo.',
    body: scheduleInput,
    handler: (request) => changeSchedule(deps, request, replaceContent),
  });
}

export function patchSchedule(deps: ScheduleDeps): Route {
  return route({
    ...contract,
    method: 'patch',
    summary: 'Change a schedule',
    description:
      'A JSON merge patch (RFC 7396), except that rrule is replaced whole. Another last date leaves the rest alone.',
    body: schedulePatch,
    handler: (request) => changeSchedule(deps, request, patchContent),
  });
}

type Change = {
  readonly params: { readonly id: number };
  readonly headers: Preconditions;
  readonly body: ScheduleBody;
  readonly cause: RequestCause;
};

function changeSchedule(
  deps: ScheduleDeps,
  { params, headers, body, cause }: Change,
  apply: (current: Content, body: Content) => Content,
) {
  const { content, steps } = stepsOf(body);
  return deps.transactions.run(cause, async (transaction) => {
    const result = await deps.writer.update(
      transaction,
      params.id,
      (current) => {
        checkPreconditions(headers, current);
        return apply(current.content, content);
      },
      steps,
    );
    return scheduleReply(deps, 200, result);
  });
}
