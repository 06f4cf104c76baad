// Spans of what replicas say to each other: a request has one from its sending to its reply, and one while it is handled;
// notices and broadcasts are told and heard like messages of a stream.
//
// X6  a call belongs to its cause, or, without one, to what is going on; its handler's span is its child, in whatever
//     process. The status of a reply is on both.
import { SpanKind, type Span, type Tracer } from '@opentelemetry/api';
import { CallError, ReplyError } from '../request/errors.ts';
import type { Peer } from '../request/peer.ts';
import { causeOfReply } from '../request/reply-to.ts';
import { subjectFor } from '../request/target.ts';
import { REPLY_STATUS, REQUEST, PUBLISH } from './attributes.ts';
import { startDeparture, targetTemplate } from './live-spans.ts';
import { markFailed, runInSpan } from './run-in-span.ts';
import { traceEventHandler, traceRequestHandler } from './trace-live-handler.ts';

/** What a peer does, without what it is. */
export type PeerLike = Pick<Peer, keyof Peer>;

/** `peer`, traced; stopping it stops that one. */
export function tracePeer(peer: PeerLike, tracer: Tracer): PeerLike {
  const ask = traceAsk(peer, tracer);
  const notify = traceNotify(peer, tracer);
  return {
    ask,
    call: (type, input, options) => ask(type, input, options).then(({ data }) => data),
    notify,
    broadcast: traceBroadcast(peer, tracer),
    serve: (type, options, handler) =>
      peer.serve(type, options, traceRequestHandler(tracer, { notify }, type, handler)),
    listen: (what, options, handler) => peer.listen(what, options, traceEventHandler(tracer, options.group, handler)),
    // The reply belongs to the request that was put aside, which has had its span.
    answer: (replyTo, type, answer) => peer.answer(replyTo, type, answer),
    ready: (options) => peer.ready(options),
    state: () => peer.state(),
    counts: () => peer.counts(),
    stop: (options) => peer.stop(options),
  };
}

function traceAsk(peer: PeerLike, tracer: Tracer): PeerLike['ask'] {
  return async (type, input, options) => {
    const { to } = options;
    const described = { subject: subjectFor(to, type), template: targetTemplate(to, type) };
    const how = { operation: REQUEST, kind: SpanKind.CLIENT, ...described };
    const { span, parent, cause } = startDeparture(tracer, how, options.cause);
    const asking = async () => {
      const reply = await peer.ask(type, input, { ...options, ...cause });
      span.setAttribute(REPLY_STATUS, reply.status);
      return reply;
    };
    return runInSpan(span, parent, asking, markNoAnswer);
  };
}

function traceNotify(peer: PeerLike, tracer: Tracer): PeerLike['notify'] {
  return async (type, data, options) => {
    const { to } = options;
    const described = { subject: subjectFor(to, type), template: targetTemplate(to, type) };
    const how = { operation: PUBLISH, kind: SpanKind.PRODUCER, ...described };
    const follows = options.cause ?? ('replyTo' in to ? causeOfReply(to.replyTo) : undefined);
    const { span, parent, cause } = startDeparture(tracer, how, follows);
    return runInSpan(span, parent, () => peer.notify(type, data, { ...options, ...cause }));
  };
}

function traceBroadcast(peer: PeerLike, tracer: Tracer): PeerLike['broadcast'] {
  return async (draft, options) => {
    const { subject, type } = draft;
    const how = { operation: PUBLISH, kind: SpanKind.PRODUCER, subject, template: type.subject.text };
    const { span, parent, cause } = startDeparture(tracer, how, options?.cause);
    return runInSpan(span, parent, () => peer.broadcast(draft, cause));
  };
}

/** What is told of HTTP clients: a status that is no success is a failure of the call, and its name. */
function markNoAnswer(span: Span, error: unknown): void {
  if (error instanceof ReplyError) {
    span.setAttribute(REPLY_STATUS, error.status);
    markFailed(span, error, String(error.status));
  } else markFailed(span, error, error instanceof CallError ? error.code : undefined);
}
