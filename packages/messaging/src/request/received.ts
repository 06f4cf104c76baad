// A live message as a handler gets it: checked, and with its metadata as values.
import type { Cause } from '../contract/cause.ts';
import { decodeAs, readPayload, type DecodeFailure } from '../contract/decode.ts';
import { decodeMetadata, type Source } from '../contract/metadata.ts';
import { PAYLOAD_BYTES_MAX } from '../contract/payload.ts';
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
  const { id = newId(), correlationId = id, ...metadata } = decodeMetadata(arrival.headers);
  const { causationId, actor, traceparent, tracestate, source, expiresAt } = metadata;
  return {
    id,
    correlationId,
    subject: arrival.subject,
    ...(source && { source }),
    ...(expiresAt && { expiresAt }),
    ...(causationId === undefined ? {} : { causationId }),
    ...(actor === undefined ? {} : { actor }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
  };
}

export function isExpired({ expiresAt }: Introduction, now: Date): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}

type Read<Data> =
  | { readonly ok: true; readonly data: Data; readonly createdAt: Date }
  | { readonly ok: false; readonly failure: DecodeFailure };

/** Reads a payload as what `format` says. Never throws for anything that could have been sent. */
export function readData<Data>(format: Parameters<typeof decodeAs<Data>>[0], payload: Uint8Array): Read<Data> {
  if (payload.byteLength > PAYLOAD_BYTES_MAX) {
    const reason = `a payload of ${payload.byteLength} bytes is above ${PAYLOAD_BYTES_MAX}`;
    return { ok: false, failure: { code: 'invalid-payload', reason } };
  }
  const read = readPayload(payload);
  if (!read.ok) return read;
  const decoded = decodeAs(format, read.payload);
  return decoded.ok ? { ok: true, data: decoded.data, createdAt: read.payload.createdAt } : decoded;
}
