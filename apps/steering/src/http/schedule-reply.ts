// What writing a schedule takes beside its content, and answers beside the schedule.
import { scheduleConflict, type ScheduleConflict as ConflictMembers, type solutionNames } from '@longwave/contracts';
import { conflict, type Problem, type Reply } from '@longwave/runtime';
import type { Content } from '../domain/resource.ts';
import type { ScheduleConflict, ScheduleConflictError } from '../domain/schedule-errors.ts';
import type { Timeslot } from '../program/program.ts';
import type { TimeslotOverlapError } from '../program/conflict/change-timeslot.ts';
import type { Interval } from '../program/time/interval.ts';
import { formatInstant } from '../program/time/local-time.ts';
import { schedules } from '../resources/schedule.ts';
import type { ResourceReader } from '../store/resource-store.ts';
import type { ScheduleResult, ScheduleWriter, Steps } from '../store/schedule-store.ts';
import type { CollectionDeps } from './collection.ts';
import { resourceReply } from './resource-reply.ts';

export type ScheduleDeps = CollectionDeps<ResourceReader> & { readonly writer: ScheduleWriter };

export type ScheduleBody = Content & {
  readonly dryrun?: boolean | undefined;
  readonly solutions?: Readonly<Record<string, (typeof solutionNames)[number]>> | undefined;
};

/** For the declarations of routes. */
export const conflictDeclaration = {
  description: 'Other timeslots are in the way; the problem lists them, and what may be done',
  problems: ['schedule-conflict'],
  members: scheduleConflict,
} as const;

export function stepsOf({ dryrun = false, solutions = {}, ...content }: ScheduleBody): {
  readonly content: Content;
  readonly steps: Steps;
} {
  return { content, steps: { isDryRun: dryrun, solutions } };
}

export async function scheduleReply(
  { store, urls }: ScheduleDeps,
  status: 200 | 201,
  result: ScheduleResult,
): Promise<Reply> {
  if (result.kind === 'dry-run') return { status: 200, body: dryRunOf(result) };
  const { headers, ...reply } = await resourceReply(status, store, result.record);
  if (status === 200) return { ...reply, headers };
  return { ...reply, headers: { ...headers, location: urls.resource(schedules, result.record.id) } };
}

function dryRunOf({ changes, zone }: Extract<ScheduleResult, { readonly kind: 'dry-run' }>) {
  return {
    create: changes.creates.map((interval) => timesOf(zone, interval)),
    update: changes.moves.map(({ id, ...interval }) => ({ id, ...timesOf(zone, interval) })),
    delete: changes.deletes.map((id) => ({ id })),
  };
}

/** 409: everything that would be on air, what each collides with, and an empty solution for each that needs one. */
export function scheduleConflictProblem({ code, message, conflict: found }: ScheduleConflictError): Problem {
  const { projected, staleHashes } = found;
  const open = projected.filter(({ collisions }) => collisions.length > 0);
  const extensions: ConflictMembers = {
    projected: projected.map((one) => ({
      hash: one.hash,
      ...timesOf(found.zone, one),
      collisions: one.collisions.map((timeslot) => collisionOf(found, timeslot)),
      solutionChoices: [...one.solutionChoices],
      error: one.error,
    })),
    solutions: Object.fromEntries(open.map(({ hash }) => [hash, ''])),
    staleHashes: [...staleHashes],
  };
  return conflict({ code, detail: message, extensions });
}

function collisionOf({ zone, shows }: ScheduleConflict, timeslot: Timeslot) {
  const { id, scheduleId, memo, episodeId, mediaId, repetitionOfId } = timeslot;
  const show = shows.get(scheduleId);
  if (show === undefined) throw new TypeError(`the show of schedule ${scheduleId} was not looked up`);
  const about = { scheduleId, showId: show.id, showName: show.name, memo, episodeId, mediaId, repetitionOfId };
  return { id, ...timesOf(zone, timeslot), ...about };
}

/** 409: a timeslot was moved to where others are. */
export function timeslotOverlapProblem({ code, message, collisions }: TimeslotOverlapError): Problem {
  const list = collisions.map(({ id, scheduleId, startMs, endMs }) => ({
    id,
    scheduleId,
    start: new Date(startMs).toISOString(),
    end: new Date(endMs).toISOString(),
  }));
  return conflict({ code, detail: message, extensions: { collisions: list } });
}

function timesOf(zone: string, { startMs, endMs }: Interval) {
  return { start: formatInstant(zone, startMs), end: formatInstant(zone, endMs) };
}
