// The payload of every message: UTF-8 JSON `{ version, createdAt, data? }`.

/** The wire form; `data` is absent where a type has none. */
export type Payload = { readonly version: number; readonly createdAt: string; readonly data?: unknown };

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
