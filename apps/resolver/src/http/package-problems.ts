// What can go wrong with a question about packages, as problems.
import { notFound, Problem, unavailable, type TranslateError } from '@longwave/runtime';
import { PackagesUnavailableError } from '../domain/package-store.ts';

/** Postgres is usually back within a failover; a client that asks sooner only adds to the herd. */
const RETRY_AFTER_SECONDS = 2;

export const noSuchPackage = (): Problem =>
  notFound({ code: 'package-not-found', detail: 'No package of this name and version is known in this namespace.' });

export const illegalCursor = (): Problem =>
  new Problem({
    status: 400,
    code: 'invalid-cursor',
    detail: 'The cursor does not belong to this namespace and filter; take it from `next`, or leave it out.',
  });

export const translateStoreError: TranslateError = (error) =>
  error instanceof PackagesUnavailableError
    ? unavailable({
        code: 'database-unavailable',
        detail: 'The database does not answer; nothing was done.',
        retryAfterSeconds: RETRY_AFTER_SECONDS,
        cause: error,
      })
    : undefined;
