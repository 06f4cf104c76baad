// A live message as a handler gets it: checked, and with its metadata as values.
import type { Cause } from '../contract/cause.ts';
import type { DecodeFailure } from '../contract/decode.ts';
import { decodeForHandling, decodeMetadata, type Headers, type Source } from '../contract/metadata.ts';
import { PAYLOAD_BYTES_MAX } from '../contract/payload.ts';
import { readPayload, type Format } from '../contract/read-payload.ts';
import type { Writable } from '../contract/writable.ts';
import type { LiveArrival } from '../ports.ts';

export type Received<Data> = Cause & {
  readonly id: string;
  readonly data: Data;
  readonly createdAt: Date;
  readonly subject: string;
  readonly source?: Source;
  readonly expiresAt?: Date;
};

/** What is known of a message before its payload is looked at. */
export type Introduction = Omit<Received<unknown>, 'data' | 'createdAt'>;

/** A message without our headers gets a new id, and starts a correlation of its own. */
export function introduce(arrival: LiveArrival, newId: () => string): Introduction {
  const said = decodeForHandling(arrival.headers);
  const { causationId, actor, traceparent, tracestate, source, expiresAt } = said;
  const id = said.id ?? newId();
  const introduction: Writable<Introduction> = {
    id,
    correlationId: said.correlationId ?? id,
    subject: arrival.subject,
  };
  if (source !== undefined) introduction.source = source;
  if (expiresAt !== undefined) introduction.expiresAt = expiresAt;
  if (causationId !== undefined) introduction.causationId = causationId;
  if (actor !== undefined) introduction.actor = actor;
  if (traceparent !== undefined) introduction.traceparent = traceparent;
  if (tracestate !== undefined) introduction.tracestate = tracestate;
  return introduction;
}

export function isExpired({ expiresAt }: Introduction, now: Date): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}

type Read<Data> =
  | { readonly ok: true; readonly data: Data; readonly createdAt: Date }
  | { readonly ok: false; readonly failure: DecodeFailure };

/** Reads a payload as what `format` says, of a message with these headers. Never throws for anything that could have been sent. */
export function readData<Data>(
  format: Format<Data>,
  { payload, headers }: Pick<LiveArrival, 'payload' | 'headers'>,
): Read<Data> {
  if (payload.byteLength > PAYLOAD_BYTES_MAX) {
    const reason = `a payload of ${payload.byteLength} bytes is above ${PAYLOAD_BYTES_MAX}`;
    return { ok: false, failure: { code: 'invalid-payload', reason } };
  }
  return readPayload(format, payload, saidOf(headers, format.payload.contentType));
}

/** Of most messages it is what is expected, and nothing else of their metadata is needed here. */
function saidOf(headers: Headers, expected: string): Parameters<typeof readPayload>[2] {
  const contentType = headers['ce-datacontenttype'];
  return contentType === expected ? { contentType } : decodeMetadata(headers);
}
