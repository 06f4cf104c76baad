// Cross-origin access for the origins a service lists, and nobody else. Same-origin use, behind the gateway,
// needs none of it.
import type { RequestHandler } from 'express';

const exposedHeaders = 'etag, location, link, retry-after, x-correlation-id';
const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE';
/** Browsers cap it anyway (Chromium at two hours); ten minutes keeps a change of configuration quick. */
const preflightSecondsMax = '600';

export function cors(origins: readonly string[]): RequestHandler {
  return (request, response, next) => {
    response.vary('Origin');
    const { origin } = request.headers;
    if (origin === undefined || !origins.includes(origin)) return next();
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-allow-credentials', 'true');
    response.setHeader('access-control-expose-headers', exposedHeaders);
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return next();
    response.setHeader('access-control-allow-methods', methods);
    // The origin is trusted by name, so whatever header it wants to send is fine.
    response.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '');
    response.setHeader('access-control-max-age', preflightSecondsMax);
    response.status(204).end();
  };
}
