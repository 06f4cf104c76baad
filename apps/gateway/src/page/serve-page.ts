// The dashboard: its files, and its page for every address a person may open or reload in it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { notFound, Problem } from '@longwave/runtime';
import { setPageHeaders } from './page-headers.ts';
import { sendFile } from './send-file.ts';
import { notBuiltPage } from './not-built-page.ts';

const ALLOWED = 'GET, HEAD';

/**
 * Throws Problem: 404 `not-found`, 405 `method-not-allowed`, 412 `precondition-failed`, 503 `dashboard-not-built`.
 * `path` is percent-encoded and without dot segments.
 */
export async function servePage(
  request: IncomingMessage,
  response: ServerResponse,
  { root, path }: { readonly root: string; readonly path: string },
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
  setPageHeaders(response);
  if (path !== '/' && (await sendFile(request, response, { root, path })) === 'sent') return;
  if (path !== '/' && !isNavigation(request))
    throw notFound({ code: 'not-found', detail: `There is no ${path} here.` });
  if ((await sendFile(request, response, { root, path: '/index.html' })) === 'sent') return;
  answerNotBuilt(request, response);
}

/** A person opening an address; a script or an image that is missing must not get a page instead. */
function isNavigation({ headers }: IncomingMessage): boolean {
  const { accept = '', 'sec-fetch-mode': mode } = headers;
  return accept.includes('text/html') && (mode === undefined || mode === 'navigate');
}

function answerNotBuilt(request: IncomingMessage, response: ServerResponse): void {
  if (!isNavigation(request)) {
    const detail = 'The dashboard has not been built. `npm start` builds it; DASHBOARD_DIRECTORY says where it is.';
    throw new Problem({ status: 503, code: 'dashboard-not-built', detail });
  }
  response.writeHead(503, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(notBuiltPage);
}

function methodNotAllowed(): Problem {
  const headers = { allow: ALLOWED };
  return new Problem({ status: 405, code: 'method-not-allowed', detail: `Allowed: ${ALLOWED}.`, headers });
}
