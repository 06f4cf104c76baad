// What can go wrong with a question about entries, as problems.
import { SubjectError } from '@longwave/messaging/contract';
import { notFound, Problem, unavailable, type TranslateError } from '@longwave/runtime';
import { EntriesUnavailableError } from '../domain/entry-log.ts';

/** Postgres is usually back within a failover; a client that asks sooner only adds to the herd. */
const RETRY_AFTER_SECONDS = 2;

export const noSuchEntry = (sequence: number): Problem =>
  notFound({ code: 'no-such-entry', detail: `There is no entry ${sequence} (yet).` });

export const illegalCursor = (): Problem =>
  new Problem({
    status: 400,
    code: 'invalid-cursor',
    detail: 'The cursor belongs to another question; take it from `next`, or leave it out.',
  });

export const translateError: TranslateError = (error) => {
  if (error instanceof SubjectError) return new Problem({ status: 400, code: 'illegal-filter', detail: error.message });
  if (!(error instanceof EntriesUnavailableError)) return undefined;
  return unavailable({
    code: 'database-unavailable',
    detail: 'The database does not answer.',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause: error,
  });
};
