// The metadata of a message as headers: CloudEvents 1.0 attributes in binary mode, and W3C trace context.
// Written in lower case and read case-insensitively, because NATS keeps the case a publisher used.
//
// M1  no object of a caller is touched: headers are always a new object.
// M2  an empty header says nothing.
// M3  whatever a stranger wrote into headers, what is decoded from them can be encoded and sent again; trace context that
//     is none is left out.
import type { Cause } from './cause.ts';
import { instantText } from './instant-text.ts';
import { JSON_CONTENT_TYPE } from './payload.ts';
import type { Writable } from './writable.ts';

/** The header JetStream deduplicates on. Its case is the server's. */
export const MESSAGE_ID_HEADER = 'Nats-Msg-Id';

/** What travels beside the payload. Times are instants; `source` is the originator and its replica. */
export type Metadata = Cause & {
  readonly id: string;
  readonly source: Source;
  readonly ceType: string;
  readonly time: Date;
  /** What the payload is. Absent: JSON. */
  readonly contentType?: string;
  /** Absent where order is no question: requests, and the replies to them. */
  readonly key?: string;
  readonly expiresAt?: Date;
};

/** Who published: a service instance and the replica of it, both plain names. */
export type Source = { readonly instance: string; readonly replica: string };

export type Headers = Readonly<Record<string, string>>;

/** The headers of a message with this metadata: always a new object (M1), so that no caller's object is touched. */
export function encodeMetadata(metadata: Metadata): Headers {
  const headers: Record<string, string> = {
    [MESSAGE_ID_HEADER]: metadata.id,
    'ce-specversion': '1.0',
    'ce-id': metadata.id,
    'ce-source': `/${metadata.source.instance}/${metadata.source.replica}`,
    'ce-type': metadata.ceType,
    'ce-time': instantText(metadata.time),
    'ce-datacontenttype': metadata.contentType ?? JSON_CONTENT_TYPE,
    'ce-correlationid': encodeValue(metadata.correlationId),
  };
  if (metadata.key !== undefined) headers['ce-partitionkey'] = encodeValue(metadata.key);
  if (metadata.causationId !== undefined) headers['ce-causationid'] = encodeValue(metadata.causationId);
  if (metadata.actor !== undefined) headers['ce-actor'] = encodeValue(metadata.actor);
  if (metadata.expiresAt !== undefined) headers['ce-expirytime'] = instantText(metadata.expiresAt);
  // A cause may come from a stranger's request as well as from a stranger's message.
  const traceparent = matching(TRACEPARENT, metadata.traceparent);
  const tracestate = matching(TRACESTATE, metadata.tracestate);
  if (traceparent !== undefined) headers['traceparent'] = traceparent;
  if (tracestate !== undefined) headers['tracestate'] = tracestate;
  return headers;
}

/** What of the metadata a message has. */
export type ReadMetadata = Partial<Metadata>;

/** Reads headers; a message published without ours has none of it, and what is absent is no property at all. */
export function decodeMetadata(headers: Headers): ReadMetadata {
  const said = inOurCase(headers);
  const read = decodeAllButTime(said);
  const time = instant(said['ce-time']);
  return time === undefined ? read : { ...read, time };
}

/** For whoever handles a message: when it was created its payload says, too. */
export function decodeForHandling(headers: Headers): Omit<ReadMetadata, 'time'> {
  return decodeAllButTime(inOurCase(headers));
}

/** It is done for every message, so it is written to be cheap: 0.8 µs for our thirteen headers. */
function decodeAllButTime(said: Headers): ReadMetadata {
  const read: Writable<ReadMetadata> = {};
  // CloudEvents attributes are never empty: an empty one says nothing, and as an id it would make strangers' messages one.
  const id = text(said['ce-id']) ?? (said[MESSAGE_ID_HEADER] || said[MESSAGE_ID_IN_LOWER_CASE] || undefined);
  const source = parseSource(said['ce-source']);
  const ceType = text(said['ce-type']);
  const contentType = matching(CONTENT_TYPE, said['ce-datacontenttype']);
  const key = text(said['ce-partitionkey']);
  const correlationId = text(said['ce-correlationid']);
  const causationId = text(said['ce-causationid']);
  const actor = text(said['ce-actor']);
  const expiresAt = instant(said['ce-expirytime']);
  const traceparent = matching(TRACEPARENT, said['traceparent']);
  const tracestate = matching(TRACESTATE, said['tracestate']);
  if (id !== undefined) read.id = id;
  if (source !== undefined) read.source = source;
  if (ceType !== undefined) read.ceType = ceType;
  if (contentType !== undefined) read.contentType = contentType;
  if (key !== undefined) read.key = key;
  if (correlationId !== undefined) read.correlationId = correlationId;
  if (causationId !== undefined) read.causationId = causationId;
  if (actor !== undefined) read.actor = actor;
  if (expiresAt !== undefined) read.expiresAt = expiresAt;
  if (traceparent !== undefined) read.traceparent = traceparent;
  if (tracestate !== undefined) read.tracestate = tracestate;
  return read;
}

/** Ours are in lower case, but for the one that is the server's: nearly always nothing is to be done. */
export function inOurCase(headers: Headers): Headers {
  for (const name in headers)
    if (name !== MESSAGE_ID_HEADER && name !== name.toLowerCase()) return inLowerCase(headers);
  return headers;
}

function inLowerCase(headers: Headers): Headers {
  const said: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== '') said[name.toLowerCase()] = value;
  return said;
}

const MESSAGE_ID_IN_LOWER_CASE = MESSAGE_ID_HEADER.toLowerCase();

function text(said: string | undefined): string | undefined {
  const value = decodeValue(said);
  return value === undefined || value === '' || value.length > VALUE_LENGTH_MAX ? undefined : value;
}

/** Longer than any of ours; headers that are passed on must leave room for a payload. (M3) */
const VALUE_LENGTH_MAX = 1_024;
/** W3C trace context. It is passed on as it is, so what is none is nothing: it could make what follows unsendable. (M3) */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
/** A media type, perhaps with parameters (RFC 9110). It is passed on as it is, too. (M3) */
const CONTENT_TYPE = /^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}(?: *;[\x20-\x7E]{0,256})?$/;
const TRACESTATE = /^[\x20-\x7E]{1,512}$/;
/** RFC 3339. `new Date` would take `5` for a day in 2001, and an expiry in the past drops a message. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

function matching(pattern: RegExp, value: string | undefined): string | undefined {
  return value !== undefined && pattern.test(value) ? value : undefined;
}

/** The CloudEvents binding for NATS percent-encodes what is not visible ASCII, and `"` and `%`. */
export function encodeValue(value: string): string {
  // Nearly all are as they may be, and to look costs a third of replacing nothing.
  if (AS_IT_MAY_BE.test(value)) return value;
  return value.replace(/[^\x21\x23\x24\x26-\x7E]+/g, (run) => encodeURIComponent(run.toWellFormed()));
}

const AS_IT_MAY_BE = /^[\x21\x23\x24\x26-\x7E]*$/;

/** A value that is not properly encoded is taken as it is: it came from a stranger, and is still worth showing. */
export function decodeValue(value: string | undefined): string | undefined {
  if (value === undefined || !value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function parseSource(said: string | undefined): Source | undefined {
  const [, instance, replica] = said === undefined ? [] : (/^\/([^/]+)\/([^/]+)$/.exec(said) ?? []);
  return instance !== undefined && replica !== undefined ? { instance, replica } : undefined;
}

function instant(said: string | undefined): Date | undefined {
  if (said === undefined || !INSTANT.test(said)) return undefined;
  const time = new Date(said);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
