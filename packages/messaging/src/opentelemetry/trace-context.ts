// W3C trace context, between the headers of messages and the span contexts of OpenTelemetry. No propagator is needed:
// the metadata of a message has checked both headers already, and a cause carries them as values.
import { createTraceState, isSpanContextValid, type SpanContext } from '@opentelemetry/api';
import type { Cause } from '../contract/cause.ts';

export type TraceContext = Pick<Cause, 'traceparent' | 'tracestate'>;

/** Null when there is none, or one that is none: of messages, metadata has checked it; a kept `replyTo` may say anything. */
export function spanContextOf({ traceparent, tracestate }: TraceContext): SpanContext | null {
  if (traceparent === undefined) return null;
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
  const carried = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  if (!isSpanContextValid(carried)) return null;
  return tracestate === undefined ? carried : { ...carried, traceState: createTraceState(tracestate) };
}

/** What a message or a cause carries so that what follows belongs to that span. */
export function traceContextOf({ traceId, spanId, traceFlags, traceState }: SpanContext): TraceContext {
  const tracestate = traceState?.serialize() ?? '';
  return {
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
    ...(tracestate === '' ? {} : { tracestate }),
  };
}

/** `cause`, as what happens within the span passes it on. Where no SDK makes spans there is nothing to pass on. */
export function causeWithin(cause: Cause, span: SpanContext): Cause {
  if (!isSpanContextValid(span)) return cause;
  const { traceparent: _traceparent, tracestate: _tracestate, ...rest } = cause;
  return { ...rest, ...traceContextOf(span) };
}
