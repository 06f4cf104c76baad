// Why something happens, as an explicit value: a request or a message is the cause of what is published because of it.
import type { Writable } from './writable.ts';

export type Cause = {
  /** One value for everything that follows from one request. */
  readonly correlationId: string;
  /** The id of the message that led to this one. */
  readonly causationId?: string;
  /** Who acted: `user:<id>`, `device:<id>`, `service:<name>`. */
  readonly actor?: string;
  /** W3C trace context. */
  readonly traceparent?: string;
  readonly tracestate?: string;
};

/** The cause that a handled message is for what its handler publishes. */
export function causeOf(message: Cause & { readonly id: string }): Cause {
  const { id, correlationId, actor, traceparent, tracestate } = message;
  const cause: Writable<Cause> = { correlationId, causationId: id };
  if (actor !== undefined) cause.actor = actor;
  if (traceparent !== undefined) cause.traceparent = traceparent;
  if (tracestate !== undefined) cause.tracestate = tracestate;
  return cause;
}
