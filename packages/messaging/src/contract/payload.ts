// The payload of every message: an envelope `{ version, createdAt, data? }`, and how it becomes bytes. That is JSON unless
// a contract names another codec; protobuf is in `../protobuf`, so that nobody who does not use it needs its library.
// What JSON has no value for is refused, not turned into something else (`json-value.ts`).
//
// E1  the contract decides how a payload is read, never the payload: another content type than the contract's is refused
//     by name, and bytes are never guessed at.

import { asJsonValue } from './json-value.ts';

/** What every payload says; `data` is absent where a type has none, else as its codec carries it. */
export type Payload = { readonly version: number; readonly createdAt: string; readonly data?: unknown };

/**
 * How a payload becomes bytes and comes back. `WireData` is what a schema encodes to and decodes from: JSON values, or the
 * fields of a protobuf message.
 */
export type PayloadCodec<WireData = never> = {
  /** The media type, in lower case and without parameters: `ce-datacontenttype` of its messages. */
  readonly contentType: string;
  /** `data` as the envelope carries it. Throws Error for what cannot be carried. */
  readonly encodeData: (wireData: WireData) => unknown;
  /** Throws Error for what is no such data. */
  readonly decodeData: (carried: unknown) => unknown;
  readonly encode: (payload: Payload) => Uint8Array;
  /** Returns something that may be a Payload; throws Error for bytes that are of another kind. */
  readonly decode: (bytes: Uint8Array) => unknown;
  /** `data` in the language that others define it in, for documents; absent for JSON, where the schema says it. */
  readonly definition?: { readonly schemaFormat: string; readonly text: string };
};

export const JSON_CONTENT_TYPE = 'application/json';

/** One for all: it keeps nothing from one message to the next, and making one costs as much as decoding. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * TextEncoder makes an ArrayBuffer for each text, which costs eight times what writing it does; small Buffers share one.
 * Browsers have no Buffer.
 */
const encodeText: (text: string) => Uint8Array =
  typeof Buffer === 'undefined' ? (text) => new TextEncoder().encode(text) : (text) => Buffer.from(text);

/** UTF-8 JSON (RFC 8259). What JSON has no value for goes through the codecs of the schema. */
export const jsonPayload: PayloadCodec<unknown> = {
  contentType: JSON_CONTENT_TYPE,
  encodeData: asJsonValue,
  decodeData: (carried) => carried,
  encode: (payload) => encodeText(JSON.stringify(payload)),
  decode: (bytes) => JSON.parse(UTF8.decode(bytes)),
};

/** The media type that a `ce-datacontenttype` names, without its parameters. */
export function mediaTypeOf(contentType: string): string {
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/**
 * nats-server refuses a message above 1 MiB, headers included; half of it leaves room for any headers, and for the
 * base64 of a browser's copy.
 */
export const PAYLOAD_BYTES_MAX = 512 * 1024;

export class PayloadTooLargeError extends Error {
  override readonly name = 'PayloadTooLargeError';
  readonly code = 'payload-too-large';
  readonly payloadBytes: number;

  constructor(payloadBytes: number, typeName: string) {
    super(`a ${typeName} of ${payloadBytes} bytes is above the ${PAYLOAD_BYTES_MAX} that a message may have`);
    this.payloadBytes = payloadBytes;
  }
}

/** The bytes of a payload. Throws PayloadTooLargeError. */
export function encodePayload(codec: PayloadCodec, payload: Payload, typeName: string): Uint8Array {
  const bytes = codec.encode(payload);
  if (bytes.byteLength > PAYLOAD_BYTES_MAX) throw new PayloadTooLargeError(bytes.byteLength, typeName);
  return bytes;
}
