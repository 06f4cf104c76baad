// Whether messages are traced, decided once, when a service starts.
//
// X7  who is not traced pays nothing: nothing is wrapped, and nothing of what would is loaded.
import type { Tracer } from '@opentelemetry/api';
import type { MessageType } from '../contract/message-type.ts';
import type { MessageTracing } from './message-tracing.ts';

/**
 * `types`: those whose templates may be names of spans; what is published of others is `_OTHER`. Without a tracer
 * everything is given back as it is.
 */
export async function traceMessages(
  tracer: Tracer | undefined,
  types: readonly MessageType[],
): Promise<MessageTracing> {
  if (tracer === undefined) return untraced;
  const { createMessageTracing } = await import('./message-tracing.ts');
  return createMessageTracing(tracer, types);
}

/** (X7) */
const untraced: MessageTracing = {
  backend: (backend) => backend,
  handler: (_group, handler) => handler,
  batchHandler: (_group, handler) => handler,
  peer: (peer) => peer,
  middleware: (_arrived, { cause }, next) => next({ cause }),
};
