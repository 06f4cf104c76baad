// Who asked, and what their request belongs to: goes into every log line and every message a request causes.
// A tracing header is an aid, so an unusable one never fails a request: it is replaced by a fresh id (a
// correlation id) or dropped (a trace context), as W3C Trace Context asks.
import type { IncomingHttpHeaders } from 'node:http';
import type { Ids } from '../ids.ts';

export type RequestCause = {
  /** From `x-correlation-id` if that is 1–128 visible ASCII characters, else fresh; returned on every answer (Q5). */
  readonly correlationId: string;
  readonly traceparent?: string;
  readonly tracestate?: string;
  /** `service:anonymous`: nobody is identified while the policy is `open`. */
  readonly actor: string;
};

const visibleAscii = /^[\x21-\x7e]{1,128}$/;
/** W3C Trace Context: version ff and all-zero ids are invalid. */
const traceparentPattern = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
/** W3C asks to keep at least 512 characters; more is not ours to carry. */
const tracestateLengthMax = 512;

export function requestCauseOf(headers: IncomingHttpHeaders, ids: Ids): RequestCause {
  return {
    correlationId: matching(headers['x-correlation-id'], visibleAscii) ?? ids.next(),
    ...traceContextOf(headers),
    actor: 'service:anonymous',
  };
}

function traceContextOf(headers: IncomingHttpHeaders): Pick<RequestCause, 'traceparent' | 'tracestate'> {
  const traceparent = matching(headers['traceparent'], traceparentPattern);
  if (traceparent === undefined) return {};
  const tracestate = headers['tracestate'];
  const isUsable = typeof tracestate === 'string' && tracestate !== '' && tracestate.length <= tracestateLengthMax;
  return isUsable ? { traceparent, tracestate } : { traceparent };
}

function matching(value: string | string[] | undefined, pattern: RegExp): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}
