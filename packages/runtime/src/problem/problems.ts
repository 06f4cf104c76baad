// Short names for the problems every service answers. A service's own conditions are a `new Problem` with
// their own code, in the service.
import { Problem } from './problem.ts';
import type { ProblemItem, ProblemOptions } from './problem.ts';

type Details = Omit<ProblemOptions, 'status' | 'code'> & { readonly code?: string };

/** 404: the resource does not exist. Say which with `code`, e.g. `show-not-found`. */
export const notFound = (details: Details = {}): Problem =>
  new Problem({ code: 'resource-not-found', ...details, status: 404 });

/** 409: the request is fine, the current state forbids it. */
export const conflict = (details: Details = {}): Problem => new Problem({ code: 'conflict', ...details, status: 409 });

/** 412: `If-Match` names another version than the current one. */
export const preconditionFailed = (details: Details = {}): Problem =>
  new Problem({
    code: 'precondition-failed',
    detail: 'The resource has changed since the version named by If-Match; read it again and repeat.',
    ...details,
    status: 412,
  });

/** 400: the body is understood but not acceptable; for rules a schema cannot say. */
export const invalidBody = (errors: readonly ProblemItem[], details: Details = {}): Problem =>
  new Problem({ code: 'invalid-body', ...details, errors, status: 400 });

/** 422: well-formed, but contradicts something sent before (an idempotency key used for another body). */
export const unprocessable = (details: Details = {}): Problem =>
  new Problem({ code: 'unprocessable', ...details, status: 422 });

/** 413 */
export const payloadTooLarge = (bytesMax: number): Problem =>
  new Problem({
    status: 413,
    code: 'body-too-large',
    detail: `The body may have at most ${bytesMax} bytes.`,
    extensions: { bytesMax },
  });

/** 415; `accepted` are the media types the route takes. */
export const unsupportedMediaType = (accepted: readonly string[]): Problem =>
  new Problem({
    status: 415,
    code: 'unsupported-media-type',
    detail: `The body must be ${accepted.join(' or ')}, in UTF-8 and not compressed.`,
    headers: { accept: accepted.join(', ') },
  });

/** 429: this caller asks too much. */
export const tooManyRequests = ({ retryAfterSeconds, ...details }: Details & RetryAfter): Problem =>
  new Problem({ code: 'too-many-requests', ...details, ...retryAfter(retryAfterSeconds), status: 429 });

/** 503: something this service needs is away; repeating the same request later helps. */
export const unavailable = ({ retryAfterSeconds, ...details }: Details & RetryAfter): Problem =>
  new Problem({ code: 'unavailable', ...details, ...retryAfter(retryAfterSeconds), status: 503 });

type RetryAfter = { readonly retryAfterSeconds: number };

const retryAfter = (seconds: number) => ({ headers: { 'retry-after': String(Math.ceil(seconds)) } });
