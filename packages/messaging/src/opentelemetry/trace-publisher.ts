// Spans of publishing. What a message carries as its trace context is where it was created, and consumers see that one:
//
// X1  a message that has a trace context keeps it, byte for byte: one out of the outbox or a buffer belongs to the trace
//     that wrote it, however late it leaves and whoever relays it. The span of its sending links to that.
// X2  a message that has none gets that of the span of its sending, which belongs to what is going on.
import {
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  trace,
  type Context,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import type { OutgoingMessage } from '../contract/encode.ts';
import { decodeMetadata } from '../contract/metadata.ts';
import type { ObservedMessage } from '../observe/observer.ts';
import type { Publisher } from '../ports.ts';
import { attributesOf, PUBLISH } from './attributes.ts';
import { runInSpan } from './run-in-span.ts';
import { spanContextOf, traceContextOf } from './trace-context.ts';

export type PublisherTracing = { readonly tracer: Tracer; readonly templateOf: (message: ObservedMessage) => string };

export function tracePublisher(publisher: Publisher, { tracer, templateOf }: PublisherTracing): Publisher {
  return {
    publish: (message, options) => {
      const { correlationId, ...metadata } = decodeMetadata(message.headers);
      const created = spanContextOf(metadata);
      const template = templateOf(message);
      const attributes = attributesOf(PUBLISH, {
        destination: message.subject,
        template,
        messageId: message.id,
        correlationId,
      });
      const parent = created === null ? context.active() : contextBeside(created);
      const how =
        created === null
          ? { kind: SpanKind.PRODUCER, attributes }
          : { kind: SpanKind.CLIENT, attributes, links: [{ context: created }] }; // (X1)
      const span = tracer.startSpan(`publish ${template}`, how, parent);
      const sent = created === null ? carrying(message, span.spanContext()) : message;
      return runInSpan(span, parent, () => publisher.publish(sent, options));
    },
    lastIdOn: (subject) => publisher.lastIdOn(subject),
  };
}

/** What is going on, if it belongs to the trace of the message; a relay that was woken by somebody's request does not. */
function contextBeside(created: SpanContext): Context {
  const active = context.active();
  return trace.getSpanContext(active)?.traceId === created.traceId ? active : ROOT_CONTEXT;
}

/** (X2) A span that nobody made, because there is no SDK, has no context to carry. */
function carrying(message: OutgoingMessage, span: SpanContext): OutgoingMessage {
  if (!isSpanContextValid(span)) return message;
  return { ...message, headers: { ...message.headers, ...traceContextOf(span) } };
}
