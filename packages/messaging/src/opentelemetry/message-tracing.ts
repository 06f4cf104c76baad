// What a service wraps in spans: its back-end, its handlers, its peer. Each is the same thing with spans around it, so
// that who is not traced runs the code that it ran before.
import type { Tracer } from '@opentelemetry/api';
import type { Cause } from '../contract/cause.ts';
import type { Handler } from '../consume/consumption-options.ts';
import type { MessageType } from '../contract/message-type.ts';
import { destinationTemplates } from '../observe/destination-templates.ts';
import type { ObservedGroup } from '../observe/observer.ts';
import type { Backend } from '../ports.ts';
import type { ArrivedEvent, Middleware } from '../router/middleware.ts';
import { processing, traceBatchHandler, traceHandler, type BatchHandler } from './trace-handler.ts';
import { tracePeer, type PeerLike } from './trace-peer.ts';
import { tracePublisher } from './trace-publisher.ts';

export type MessageTracing = {
  /** What is published through it has a span; it is still the one to close. */
  backend<Traced extends Backend>(backend: Traced): Traced;
  handler(group: ObservedGroup, handler: Handler): Handler;
  batchHandler(group: ObservedGroup, handler: BatchHandler): BatchHandler;
  peer(peer: PeerLike): PeerLike;
  /** What `handler` does, in a pipeline of events; what stands before it is in no span. Requests are traced by their peer. */
  readonly middleware: Middleware<{ readonly cause: Cause }, object, ArrivedEvent>;
};

/** `types`: those whose templates may be names of spans; what is published of others is `_OTHER`. */
export function createMessageTracing(tracer: Tracer, types: readonly MessageType[]): MessageTracing {
  const templateOf = destinationTemplates(types);
  return {
    backend: (backend) => ({ ...backend, publisher: tracePublisher(backend.publisher, { tracer, templateOf }) }),
    handler: (group, handler) => traceHandler(tracer, group, handler),
    batchHandler: (group, handler) => traceBatchHandler(tracer, group, handler),
    peer: (peer) => tracePeer(peer, tracer),
    middleware: ({ message, group }, { cause }, next) =>
      processing(tracer, message, group.consumer, cause, (within) => next({ cause: within })),
  };
}
