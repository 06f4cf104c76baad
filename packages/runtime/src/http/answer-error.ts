// The single place where an error becomes an answer. A Problem is sent as it is; anything else is our fault:
// 500 with an id, and its text goes to the log only (P1).
import type { Response } from 'express';
import type { Ids } from '../ids.ts';
import { Problem } from '../problem/problem.ts';
import { writeProblem } from '../problem/write-problem.ts';
import type { Exchange } from './exchange.ts';
import { ClientGoneError } from './read-body.ts';

/** Turns errors a service knows (its database is away) into problems; undefined for all others. */
export type TranslateError = (error: unknown) => Problem | undefined;

export function answerError(
  error: unknown,
  exchange: Exchange,
  response: Response,
  { ids, translateError }: { readonly ids: Ids; readonly translateError: TranslateError | undefined },
): void {
  // Nobody is left to answer, and the request's own line already says so.
  if (error instanceof ClientGoneError || response.destroyed) return void response.destroy();
  const errorId = ids.next();
  const problem = problemOf(error, translateError);
  const { code, status } = problem;
  exchange.failure = { errorId, code, ...(status >= 500 || response.headersSent ? { err: error } : {}) };
  // Half an answer is out: cutting the connection is the only way left to say that it is not whole (P3).
  if (response.headersSent) return void response.destroy();
  writeProblem(response, problem, errorId);
}

function problemOf(error: unknown, translateError: TranslateError | undefined): Problem {
  if (error instanceof Problem) return error;
  return (
    translateError?.(error) ??
    new Problem({
      status: 500,
      code: 'internal',
      title: 'Unexpected error',
      detail: 'Something went wrong on our side. The id in `instance` finds it in our log.',
      cause: error,
    })
  );
}
