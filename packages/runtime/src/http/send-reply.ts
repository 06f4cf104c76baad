// Puts a handler's reply on the wire. ETags come from handlers, who know versions; a matching If-None-Match is
// answered with 304 here.
import type { Response } from 'express';
import type { Reply } from './route.ts';

/** @throws if the body cannot be JSON (a cycle, a BigInt), before anything is sent */
export function sendReply(response: Response, { status, body, headers = {} }: Reply): void {
  const payload = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  response.status(status);
  // A shared cache must not answer for us; a private one may, after asking whether the ETag still holds.
  response.setHeader('cache-control', 'no-cache');
  if (typeof body !== 'string') response.setHeader('content-type', 'application/json; charset=utf-8');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (payload === undefined) {
    response.removeHeader('content-type');
    response.end();
  } else response.send(payload);
}
