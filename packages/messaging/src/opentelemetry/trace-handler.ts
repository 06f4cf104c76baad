// Spans of handling what a durable consumer delivers: one for each start of a handler, so each try has its own. What
// waits, is dropped or cannot be read has none, as no handler ran.
//
// X3  the span of a handler is a child of the span that created the message, and links to it, too; what the handler
//     publishes, asks and logs because of the message belongs to it.
// X4  the span of a batch belongs to nobody: it links to what created each of its messages.
import { ROOT_CONTEXT, SpanKind, trace, type Context, type Link, type Tracer } from '@opentelemetry/api';
import type { BatchConsumptionOptions } from '../consume/batch-consumption.ts';
import type { Handler } from '../consume/consumption-options.ts';
import type { Cause } from '../contract/cause.ts';
import { idOf, type Message, type StoredMessage } from '../contract/decode.ts';
import { decodeMetadata } from '../contract/metadata.ts';
import type { ObservedGroup } from '../observe/observer.ts';
import { attributesOf, DESTINATION_NAME, MESSAGE_ID, PROCESS } from './attributes.ts';
import { runInSpan } from './run-in-span.ts';
import { causeWithin, spanContextOf, type TraceContext } from './trace-context.ts';

export type BatchHandler = BatchConsumptionOptions['handler'];

export function traceHandler(tracer: Tracer, { consumer }: ObservedGroup, handler: Handler): Handler {
  return (message, context) =>
    processing(tracer, message, consumer, context.cause, (cause) => handler(message, { ...context, cause }));
}

/** Runs `work` in the span of `message`, with the cause that what follows from it has. */
export function processing<Result>(
  tracer: Tracer,
  message: Message,
  group: string,
  cause: Cause,
  work: (cause: Cause) => Promise<Result>,
): Promise<Result> {
  const template = message.type.subject.text;
  const { id: messageId, correlationId, stored } = message;
  const attributes = attributesOf(PROCESS, { destination: stored.subject, template, group, messageId, correlationId });
  const { parent, links } = childOf(message);
  const span = tracer.startSpan(`process ${template}`, { kind: SpanKind.CONSUMER, attributes, links }, parent);
  return runInSpan(span, parent, () => work(causeWithin(cause, span.spanContext())));
}

/** (X3) Whatever was going on when it arrived is another matter. */
export function childOf(message: TraceContext): { readonly parent: Context; readonly links: Link[] } {
  const created = spanContextOf(message);
  if (created === null) return { parent: ROOT_CONTEXT, links: [] };
  return { parent: trace.setSpanContext(ROOT_CONTEXT, created), links: [{ context: created }] };
}

export function traceBatchHandler(
  tracer: Tracer,
  { stream, consumer }: ObservedGroup,
  handler: BatchHandler,
): BatchHandler {
  return (messages) => {
    const batchSize = messages.length;
    const attributes = attributesOf(PROCESS, { destination: stream, group: consumer, batchSize });
    const how = { kind: SpanKind.CONSUMER, attributes, links: messages.flatMap(linksOf) }; // (X4)
    const span = tracer.startSpan(`process ${stream}`, how, ROOT_CONTEXT);
    return runInSpan(span, ROOT_CONTEXT, () => handler(messages));
  };
}

function linksOf(stored: StoredMessage): Link[] {
  const metadata = decodeMetadata(stored.headers);
  const created = spanContextOf(metadata);
  if (created === null) return [];
  const attributes = { [MESSAGE_ID]: idOf(stored, metadata), [DESTINATION_NAME]: stored.subject };
  return [{ context: created, attributes }];
}
