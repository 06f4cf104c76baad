// What the errors of this service are in HTTP. An error that is not here is a fault of ours and becomes a 500 with an id.
import { databaseFailure, WritesPausedError } from '@longwave/database';
import { PayloadTooLargeError, SubjectError } from '@longwave/messaging/contract';
import { conflict, invalidBody, notFound, Problem, unavailable, unprocessable } from '@longwave/runtime';
import { InvalidCursorError } from '../domain/cursor.ts';
import { KeyReusedError } from '../domain/idempotency.ts';
import { PackageNotFoundError } from '../domain/package-not-found-error.ts';
import {
  ImpossibleTimesError,
  RepetitionChainError,
  ScheduleConflictError,
  ScheduleMovedError,
  TimeZoneFixedError,
} from '../domain/schedule-errors.ts';
import { RepetitionTooEarlyError, TimeslotOverlapError } from '../program/conflict/change-timeslot.ts';
import { scheduleConflictProblem, timeslotOverlapProblem } from './schedule-reply.ts';
import { ResourceInUseError, ResourceNotFoundError, UnknownReferencesError } from '../domain/resource-errors.ts';
import { PredecessorCycleError, SlugTakenError } from '../domain/show-errors.ts';
import type { Urls } from '../domain/urls.ts';

/** A database that restarts is back within seconds; a shorter wait would only make it busier. */
const RETRY_AFTER_SECONDS = 2;

/** For `translateError` of the HTTP application. */
export function createProblems(urls: Urls): (error: unknown) => Problem | undefined {
  return (error) =>
    requestProblem(error) ?? stateProblem(error, urls) ?? programProblem(error) ?? databaseProblem(error);
}

/** The request itself is at fault. */
function requestProblem(error: unknown): Problem | undefined {
  if (error instanceof UnknownReferencesError) {
    const items = error.references.map(({ field, id, noun }) => ({
      pointer: `/${field}`,
      code: 'unknown_reference',
      detail: `There is no ${noun} ${id}.`,
    }));
    return invalidBody(items, { code: error.code, detail: error.message });
  }
  if (error instanceof PredecessorCycleError) {
    const item = { pointer: '/predecessorId', code: 'predecessor_cycle', detail: error.message };
    return invalidBody([item], { code: error.code, detail: error.message });
  }
  if (error instanceof InvalidCursorError || error instanceof SubjectError) {
    return new Problem({ status: 400, code: error.code, detail: error.message });
  }
  if (error instanceof PayloadTooLargeError) {
    return new Problem({ status: 413, code: error.code, detail: error.message });
  }
  if (error instanceof KeyReusedError) return unprocessable({ code: error.code, detail: error.message });
  return undefined;
}

/** The request is fine, what is stored forbids it. */
function stateProblem(error: unknown, urls: Urls): Problem | undefined {
  if (error instanceof ResourceNotFoundError || error instanceof PackageNotFoundError) {
    return notFound({ code: error.code, detail: error.message });
  }
  if (error instanceof SlugTakenError) return conflict({ code: error.code, detail: error.message });
  if (error instanceof ResourceInUseError) {
    const dependents = error.dependents.map(({ resource, id, label }) => ({
      type: resource.type,
      id,
      name: label,
      url: urls.resource(resource, id),
    }));
    const extensions = { dependents, dependentsCount: error.dependentsCount };
    return conflict({ code: error.code, detail: error.message, extensions });
  }
  return undefined;
}

/** Of schedules and timeslots: times that cannot be, or not beside those that are there. */
function programProblem(error: unknown): Problem | undefined {
  if (error instanceof ImpossibleTimesError) {
    const items = error.problems.map(({ field, code, message }) => ({
      pointer: `/${field.replaceAll('.', '/')}`,
      code: code.replaceAll('-', '_'),
      detail: message,
    }));
    return invalidBody(items, { code: error.code, detail: error.message });
  }
  if (error instanceof ScheduleMovedError || error instanceof RepetitionChainError) {
    const pointer = error instanceof ScheduleMovedError ? '/showId' : '/repetitionOfId';
    const item = { pointer, code: error.code.replaceAll('-', '_'), detail: error.message };
    return invalidBody([item], { code: error.code, detail: error.message });
  }
  if (error instanceof ScheduleConflictError) return scheduleConflictProblem(error);
  if (error instanceof TimeslotOverlapError) return timeslotOverlapProblem(error);
  if (error instanceof TimeZoneFixedError || error instanceof RepetitionTooEarlyError) {
    return conflict({ code: error.code, detail: error.message });
  }
  return undefined;
}

function databaseProblem(error: unknown): Problem | undefined {
  if (error instanceof WritesPausedError) {
    const detail = 'Writes are paused for the seconds a backup takes. Nothing was changed; repeat.';
    return unavailable({ code: error.code, detail, retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
  switch (databaseFailure(error)) {
    case 'unavailable':
      return unavailable({
        code: 'database-unavailable',
        detail:
          'The database does not answer. Nothing was changed, unless the connection was lost at the very end: ' +
          'repeat with the same Idempotency-Key, or look first.',
        retryAfterSeconds: RETRY_AFTER_SECONDS,
        cause: error,
      });
    case 'serialization':
      return unavailable({
        code: 'too-busy',
        detail: 'Others kept changing the same things at the same moment. Nothing was changed; repeat.',
        retryAfterSeconds: RETRY_AFTER_SECONDS,
        cause: error,
      });
    case 'unique-violation':
    case 'foreign-key-violation':
    case 'other':
      return undefined;
  }
}
