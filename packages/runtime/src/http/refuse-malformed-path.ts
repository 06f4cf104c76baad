// Answers a path that cannot be decoded, or holds what no database can store, before any route sees it.
// Express would answer the first with a page and hand the second to the handler.
import type { RequestHandler } from 'express';
import { Problem } from '../problem/problem.ts';

/** @throws Problem 400 `invalid-path` */
export const refuseMalformedPath: RequestHandler = (request, _response, next) => {
  if (!isDecodable(request.path)) {
    throw new Problem({
      status: 400,
      code: 'invalid-path',
      detail: 'The path has a broken % escape or a NUL character.',
    });
  }
  next();
};

function isDecodable(path: string): boolean {
  try {
    return !decodeURIComponent(path).includes('\u0000');
  } catch {
    // URIError is the only failure, and the answer.
    return false;
  }
}
