// How the span of a message that no stream keeps begins, on its way out and on its way in.
import {
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  trace,
  type Context,
  type Span,
  type SpanContext,
  type SpanKind,
  type Tracer,
} from '@opentelemetry/api';
import type { Cause } from '../contract/cause.ts';
import type { TargetedType } from '../contract/targeted-type.ts';
import type { Target } from '../request/target.ts';
import { attributesOf, type Operation } from './attributes.ts';
import { causeWithin, spanContextOf, traceContextOf } from './trace-context.ts';

export type LiveSpan = {
  readonly span: Span;
  readonly parent: Context;
  /** What has this cause belongs to the span; undefined where nothing is to be passed on. */
  readonly cause: { readonly cause?: Cause };
};

type Described = {
  readonly operation: Operation;
  readonly kind: SpanKind;
  readonly subject: string;
  readonly template: string;
};

/** (X6) */
export function startDeparture(tracer: Tracer, described: Described, cause: Cause | undefined): LiveSpan {
  const caused = cause && spanContextOf(cause);
  const parent = caused ? trace.setSpanContext(ROOT_CONTEXT, caused) : context.active();
  const { operation, kind, subject: destination, template } = described;
  const attributes = attributesOf(operation, { destination, template, correlationId: cause?.correlationId });
  const span = tracer.startSpan(`${operation.name} ${template}`, { kind, attributes }, parent);
  return { span, parent, cause: causeOfDeparture(span.spanContext(), cause) };
}

/** Where a correlation begins, the trace and it have one name. */
function causeOfDeparture(span: SpanContext, cause: Cause | undefined): { readonly cause?: Cause } {
  if (cause !== undefined) return { cause: causeWithin(cause, span) };
  return isSpanContextValid(span) ? { cause: { correlationId: span.traceId, ...traceContextOf(span) } } : {};
}

/** The subject of a targeted message, without the name of who it is for. */
export function targetTemplate<Input>(to: Target, { protocol, name }: TargetedType<Input>): string {
  const place = 'instance' in to ? 'service.{instance}' : 'replica.{replica}';
  return `longwave.v1.${place}.${protocol}.${name}`;
}
