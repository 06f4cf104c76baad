// Refuses what a foreign page makes a visitor's browser send (Q6). CORS keeps that page from reading answers, but a
// request without a body or with cookies arrives all the same (CSRF). The rule is that of Go's
// http.CrossOriginProtection: browsers say where a request comes from, and other clients say nothing.
import type { RequestHandler } from 'express';
import { Problem } from '../problem/problem.ts';

const safeMethods: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** `origins` are the foreign ones that may write. Throws Problem 403 `cross-origin-refused`. */
export function refuseCrossOriginWrites(origins: readonly string[]): RequestHandler {
  return ({ method, headers }, _response, next) => {
    const { origin, host, 'sec-fetch-site': site } = headers;
    const isOurs =
      safeMethods.includes(method) ||
      (origin !== undefined && origins.includes(origin)) ||
      isSameOrigin(site, origin, host);
    if (isOurs) return next();
    throw new Problem({
      status: 403,
      code: 'cross-origin-refused',
      detail: 'This origin may not change anything here.',
    });
  };
}

function isSameOrigin(
  site: string | string[] | undefined,
  origin: string | undefined,
  host: string | undefined,
): boolean {
  // Behind a proxy the host may be another one, so what the browser says about the page comes first.
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}
