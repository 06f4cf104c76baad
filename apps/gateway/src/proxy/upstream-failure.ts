// Why a service gave no answer, as what the client is told. What matters to a client is whether the request may have
// been carried out: that decides whether it may simply be sent again.
import { isNativeError } from 'node:util/types';
import { Problem } from '@longwave/runtime';

/** Nothing was heard in time. `phase` says whether the service can have seen the request. */
export class UpstreamTimeoutError extends Error {
  override readonly name = 'UpstreamTimeoutError';
  readonly code: 'connect-timeout' | 'answer-timeout';

  constructor(phase: 'connect' | 'answer', withinMs: number) {
    super(phase === 'connect' ? `no connection within ${withinMs} ms` : `no answer within ${withinMs} ms`);
    this.code = `${phase}-timeout`;
  }
}

const RETRY_AFTER_SECONDS = 2;

/** Node's codes for a connection that was never made: the service knows nothing of the request. */
const NOT_CONNECTED: ReadonlySet<string> = new Set([
  'connect-timeout',
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EMFILE',
  'ENETUNREACH',
  'ENFILE',
  'ENOTFOUND',
  'ETIMEDOUT',
]);

/** The problem for `error`; `service` is the name of the service. */
export function problemOfFailure(service: string, error: unknown): Problem {
  const code = codeOf(error);
  const headers = { 'retry-after': String(RETRY_AFTER_SECONDS) };
  if (NOT_CONNECTED.has(code)) {
    const detail = `The ${service} service is not there at the moment; nothing was done. Send the request again later.`;
    return new Problem({ status: 503, code: 'upstream-unavailable', detail, headers, cause: error });
  }
  const unknown = 'Whether the request was carried out is not known: repeat it with the same Idempotency-Key, or look.';
  if (code === 'answer-timeout') {
    const detail = `The ${service} service did not answer in time. ${unknown}`;
    return new Problem({ status: 504, code: 'upstream-timeout', detail, headers, cause: error });
  }
  const detail = `The ${service} service broke off before it answered. ${unknown}`;
  return new Problem({ status: 502, code: 'upstream-failed', detail, headers, cause: error });
}

/** The connection was kept from an earlier request, and its other end has closed it meanwhile. */
export function isStaleConnection(error: unknown, isReused: boolean): boolean {
  return isReused && (codeOf(error) === 'ECONNRESET' || codeOf(error) === 'EPIPE');
}

function codeOf(error: unknown): string {
  return isNativeError(error) && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
