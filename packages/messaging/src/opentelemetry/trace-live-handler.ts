// Spans of handling what no stream keeps: requests and notices, and events that pass by.
import { SpanKind, type Span, type Tracer } from '@opentelemetry/api';
import type { Cause } from '../contract/cause.ts';
import { Answer } from '../request/answer.ts';
import { Refusal } from '../request/errors.ts';
import type { RequestContext } from '../request/exchange.ts';
import type { EventHandler } from '../request/listening.ts';
import type { Peer } from '../request/peer.ts';
import type { Received } from '../request/received.ts';
import type { RequestHandler, Served } from '../request/serving.ts';
import { attributesOf, PROCESS, REPLY_STATUS } from './attributes.ts';
import { targetTemplate } from './live-spans.ts';
import { markFailed, runInSpan } from './run-in-span.ts';
import { childOf } from './trace-handler.ts';
import { causeWithin } from './trace-context.ts';

/** `peer` sends what the handler says with `context.reply`, so that it belongs to the span as well. */
export function traceRequestHandler<Input, Output>(
  tracer: Tracer,
  peer: Pick<Peer, 'notify'>,
  type: Served<Input, Output>,
  handler: RequestHandler<Input, Output>,
): RequestHandler<Input, Output> {
  // A request to this very replica is the same work: what it is grouped by is the service.
  const described = { template: targetTemplate({ instance: '' }, type), kind: SpanKind.SERVER };
  return (request, context) =>
    answering(tracer, described, request, context.cause, (cause) => handler(request, within(context, cause, peer)));
}

/** Runs `work` in the span of `request`, which gets the status of the answer. */
export function answering<Result>(
  tracer: Tracer,
  { template, kind }: { readonly template: string; readonly kind: SpanKind },
  request: Received<unknown>,
  cause: Cause,
  work: (cause: Cause) => Result | Promise<Result>,
): Promise<Result> {
  const { id: messageId, correlationId, subject: destination } = request;
  const attributes = attributesOf(PROCESS, { destination, template, messageId, correlationId });
  const { parent, links } = childOf(request);
  const span = tracer.startSpan(`process ${template}`, { kind, attributes, links }, parent);
  const answer = async (): Promise<Result> => {
    const result = await work(causeWithin(cause, span.spanContext()));
    if (result instanceof Answer) span.setAttribute(REPLY_STATUS, result.status);
    return result;
  };
  return runInSpan(span, parent, answer, markRefusal);
}

/** What is told of HTTP servers: that a caller was at fault is no failure of whoever says so. */
function markRefusal(span: Span, error: unknown): void {
  if (!(error instanceof Refusal)) return markFailed(span, error);
  span.setAttribute(REPLY_STATUS, error.status);
  if (error.status >= 500) markFailed(span, error, String(error.status));
}

function within(context: RequestContext, cause: Cause, peer: Pick<Peer, 'notify'>): RequestContext {
  return {
    cause,
    log: context.log,
    expiresAt: context.expiresAt,
    get signal() {
      return context.signal;
    },
    get replyTo() {
      return context.replyTo;
    },
    reply: (type, data) => {
      const { replyTo } = context;
      // Without a place to reply to it is refused there.
      return replyTo === null ? context.reply(type, data) : peer.notify(type, data, { to: { replyTo }, cause });
    },
  };
}

export function traceEventHandler<Data>(
  tracer: Tracer,
  group: string,
  handler: EventHandler<Data>,
): EventHandler<Data> {
  return (event, context) => {
    const { id: messageId, correlationId, subject: destination } = event;
    const template = event.type.subject.text;
    const attributes = attributesOf(PROCESS, { destination, template, group, messageId, correlationId });
    const { parent, links } = childOf(event);
    const span = tracer.startSpan(`process ${template}`, { kind: SpanKind.CONSUMER, attributes, links }, parent);
    const cause = causeWithin(context.cause, span.spanContext());
    return runInSpan(span, parent, () => handler(event, { ...context, cause }));
  };
}
