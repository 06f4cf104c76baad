// From what a stream holds to a message that a handler can trust. Every way of not being one has a name.
// A message published from outside, without our headers, is still a message: its type is found by its subject, and
// its id is its position in the stream.
import { z } from 'zod';
import type { Cause } from './cause.ts';
import type { MessageType } from './message-type.ts';
import { decodeMetadata, type Headers, type ReadMetadata, type Source } from './metadata.ts';
import type { Decode } from './upcast.ts';

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
  readonly code: 'unknown-type' | 'newer-version' | 'not-json' | 'invalid-payload' | 'invalid-data';
  readonly reason: string;
};

export type Decoded<Data> =
  | { readonly ok: true; readonly message: Message<Data> }
  | { readonly ok: false; readonly failure: DecodeFailure };

const payloadSchema = z.object({
  version: z.int().positive(),
  createdAt: z.iso.datetime({ offset: true }),
  data: z.unknown().optional(),
});

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
  const read = readPayload(stored.payload);
  if (!read.ok) return read;
  const type = types.find((candidate) => candidate.subject.match(stored.subject) !== null);
  if (type === undefined) return failed('unknown-type', `no type is expected on the subject ${stored.subject}`);
  const decoded = decodeAs(type, read.payload);
  if (!decoded.ok) return decoded;
  return { ok: true, message: messageOf(type, stored, metadata, read.payload.createdAt, decoded.data) };
}

type Failed = { readonly ok: false; readonly failure: DecodeFailure };
type ReadPayload = { readonly version: number; readonly createdAt: Date; readonly data?: unknown };

/** Reads the envelope that every payload is. */
export function readPayload(bytes: Uint8Array): Failed | { readonly ok: true; readonly payload: ReadPayload } {
  const json = parseJson(bytes);
  if (json === undefined) return failed('not-json', 'the payload is not UTF-8 JSON');
  const payload = payloadSchema.safeParse(json);
  if (!payload.success) return failed('invalid-payload', z.prettifyError(payload.error));
  return { ok: true, payload: { ...payload.data, createdAt: new Date(payload.data.createdAt) } };
}

/** Reads what an envelope carries as what `format` says; of an older version it is upcast (C4). */
export function decodeAs<Data>(
  format: Format<Data>,
  { version, data }: ReadPayload,
): Failed | { readonly ok: true; readonly data: Data } {
  if (version > format.version)
    return failed('newer-version', `${format.name} is version ${version}; this build knows ${format.version}`);
  const decode = version === format.version ? format.decode : format.older?.get(version);
  if (decode === undefined) return failed('invalid-payload', withoutUpcast(format, version));
  const decoded = decodeData(decode, data);
  if (decoded.success) return { ok: true, data: decoded.data };
  const which = version === format.version ? '' : `as ${format.name} version ${version}: `;
  return failed('invalid-data', which + z.prettifyError(decoded.error));
}

type Format<Data> = {
  readonly name: string;
  readonly version: number;
  readonly decode: Decode<Data>;
  readonly older?: ReadonlyMap<number, Decode<Data>>;
};

/** Says what to do, because such a message can be read as soon as there is an upcast. */
function withoutUpcast({ name, version, older }: Format<unknown>, sent: number): string {
  const oldest = Math.min(version, ...(older?.keys() ?? []));
  const known = oldest === version ? `version ${version} alone` : `versions ${oldest} to ${version}`;
  return `${name} version ${sent} has no upcast; this build reads ${known}. Add one to the type, then send this again`;
}

/** A codec of a schema may throw where zod does not expect it, and so may zod itself, on data that is nested too deep. */
function decodeData<Data>(
  decode: Decode<Data>,
  data: unknown,
): { success: true; data: Data } | { success: false; error: z.ZodError } {
  try {
    return decode(data);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { success: false, error: new z.ZodError([{ code: 'custom', path: [], message, input: undefined }]) };
  }
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
  return {
    id,
    type,
    data,
    createdAt,
    stored,
    key: keyOf(stored, metadata),
    correlationId: metadata.correlationId ?? id,
    ...(source && { source }),
    ...(expiresAt && { expiresAt }),
    ...(causationId === undefined ? {} : { causationId }),
    ...(actor === undefined ? {} : { actor }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
  };
}

/** One for all: it keeps nothing from one message to the next, and making one costs as much as decoding. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

function parseJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(UTF8.decode(payload));
  } catch {
    return undefined;
  }
}

function failed(code: DecodeFailure['code'], reason: string): Failed {
  return { ok: false, failure: { code, reason } };
}
