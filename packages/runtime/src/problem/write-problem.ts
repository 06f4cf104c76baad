// Sends a problem on any Node response: the only place that knows how one looks on the wire (P2).
import type { ServerResponse } from 'node:http';
import type { Problem } from './problem.ts';

/** Replaces whatever status, type and length were set. The headers must not have been sent yet. */
export function writeProblem(response: ServerResponse, problem: Problem, errorId: string): void {
  const document = JSON.stringify(problem.toDocument(errorId));
  for (const name of ['etag', 'last-modified', 'location', 'content-encoding']) response.removeHeader(name);
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
  response.statusCode = problem.status;
  response.setHeader('content-type', 'application/problem+json');
  response.setHeader('cache-control', 'no-store');
  response.setHeader('content-length', Buffer.byteLength(document));
  response.end(document);
}
