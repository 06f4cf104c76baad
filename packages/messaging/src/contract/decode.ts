// From what a stream holds to a message that a handler can trust. Every way of not being one has a name.
// A message published from outside, without our headers, is still a message: its type is found by its subject, and
// its id is its position in the stream.
import type { Cause } from './cause.ts';
import type { MessageType } from './message-type.ts';
import { decodeMetadata, type Headers, type ReadMetadata, type Source } from './metadata.ts';
import { failed, readPayload } from './read-payload.ts';
import type { Writable } from './writable.ts';

/** A message as a stream keeps it. `epoch` is when the stream was created: sequences start again with a new stream. */
export type StoredMessage = {
  readonly stream: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly storedAt: Date;
  readonly subject: string;
  readonly headers: Headers;
  readonly payload: Uint8Array;
};

/** A message whose type is known and whose data has been checked. */
export type Message<Data = unknown> = Cause & {
  readonly id: string;
  readonly type: MessageType;
  readonly data: Data;
  readonly createdAt: Date;
  readonly key: string;
  readonly source?: Source;
  readonly expiresAt?: Date;
  readonly stored: StoredMessage;
};

export type DecodeFailure = {
  /** `newer-version` may be readable after the next deployment; the others never will be. */
  readonly code:
    | 'unknown-type'
    | 'newer-version'
    | 'unexpected-content-type'
    | 'not-json'
    | 'invalid-payload'
    | 'invalid-data';
  readonly reason: string;
};

export type Decoded<Data> =
  | { readonly ok: true; readonly message: Message<Data> }
  | { readonly ok: false; readonly failure: DecodeFailure };

/** The id of a stored message: its own, or, when it brought none, where it lies. */
export function idOf(stored: StoredMessage, { id } = decodeMetadata(stored.headers)): string {
  return id ?? `${stored.stream}:${stored.epoch}:${stored.sequence}`;
}

/** The key a stored message is in order with; without one of its own it is its subject. */
export function keyOf(stored: StoredMessage, { key } = decodeMetadata(stored.headers)): string {
  return key ?? stored.subject;
}

/**
 * Reads `stored` as one of `types`. Never throws for anything a publisher could have sent. `metadata`: that of its
 * headers, for who has read them already.
 */
export function decodeMessage(
  types: readonly MessageType[],
  stored: StoredMessage,
  metadata = decodeMetadata(stored.headers),
): Decoded<unknown> {
  const type = types.find(({ subject }) => subject.covers(stored.subject));
  if (type === undefined) return failed('unknown-type', `no type is expected on the subject ${stored.subject}`);
  const read = readPayload(type, stored.payload, metadata);
  if (!read.ok) return read;
  return { ok: true, message: messageOf(type, stored, metadata, read.createdAt, read.data) };
}

function messageOf(
  type: MessageType,
  stored: StoredMessage,
  metadata: ReadMetadata,
  createdAt: Date,
  data: unknown,
): Message {
  const { source, expiresAt, causationId, actor, traceparent, tracestate } = metadata;
  const id = idOf(stored, metadata);
  const key = keyOf(stored, metadata);
  const correlationId = metadata.correlationId ?? id;
  const message: Writable<Message> = { id, type, data, createdAt, stored, key, correlationId };
  if (source !== undefined) message.source = source;
  if (expiresAt !== undefined) message.expiresAt = expiresAt;
  if (causationId !== undefined) message.causationId = causationId;
  if (actor !== undefined) message.actor = actor;
  if (traceparent !== undefined) message.traceparent = traceparent;
  if (tracestate !== undefined) message.tracestate = tracestate;
  return message;
}
