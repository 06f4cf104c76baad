// One message as it lies in a segment: 28 bytes of header, then the body. Header and body have a checksum each, so that
// a damaged body does not cost the record after it, and a length is never believed that was not written. Little-endian.
//
//   0  u32  marker          14  u48  buffered at, ms since 1970
//   4  u32  body bytes      20  u32  CRC-32 of the body
//   8  u48  number          24  u32  CRC-32 of the 24 bytes above
//
// The body ends with a byte that is not zero: what ends with zeros was never written to its end.
//
// Both checksums begin with the segment's salt: a payload that contains the image of a record is none, because its
// author could not know the salt.
import { crc32 } from 'node:zlib';
import type { OutgoingMessage } from '../contract/encode.ts';
import type { Headers } from '../contract/metadata.ts';

export const RECORD_HEADER_BYTES = 28;
/** `LWBR`, read as a little-endian number. */
export const RECORD_MARKER = 0x5242_574c;

const CHECKED_BYTES = 24;
const LENGTH_BYTES = 4;
/** No single bit makes it zero. */
const END = Buffer.of(0xff);

export type RecordHeader = {
  readonly bodyBytes: number;
  /** The place among all messages that this buffer ever held. */
  readonly number: number;
  readonly bufferedAtMs: number;
  readonly bodyChecksum: number;
};

/** Everything of a message, apart from the number that it gets when it is written. */
export function encodeBody({ id, subject, key, headers, payload }: OutgoingMessage): Buffer {
  const facts = Buffer.from(JSON.stringify([id, subject, key, headers]));
  const length = Buffer.allocUnsafe(LENGTH_BYTES);
  length.writeUInt32LE(facts.byteLength);
  return Buffer.concat([length, facts, payload, END]);
}

export function encodeHeader(number: number, bufferedAtMs: number, body: Buffer, salt: number): Buffer {
  const bytes = Buffer.allocUnsafe(RECORD_HEADER_BYTES);
  bytes.writeUInt32LE(RECORD_MARKER, 0);
  bytes.writeUInt32LE(body.byteLength, 4);
  bytes.writeUIntLE(number, 8, 6);
  bytes.writeUIntLE(bufferedAtMs, 14, 6);
  bytes.writeUInt32LE(crc32(body, salt), 20);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, CHECKED_BYTES), salt), CHECKED_BYTES);
  return bytes;
}

/** Null when these bytes are not a header of this segment. */
export function decodeHeader(bytes: Buffer, salt: number): RecordHeader | null {
  if (bytes.byteLength < RECORD_HEADER_BYTES || bytes.readUInt32LE(0) !== RECORD_MARKER) return null;
  if (bytes.readUInt32LE(CHECKED_BYTES) !== crc32(bytes.subarray(0, CHECKED_BYTES), salt)) return null;
  return {
    bodyBytes: bytes.readUInt32LE(4),
    number: bytes.readUIntLE(8, 6),
    bufferedAtMs: bytes.readUIntLE(14, 6),
    bodyChecksum: bytes.readUInt32LE(20),
  };
}

/** The message, in memory of its own; null when the body is not what was written. */
export function decodeBody(body: Buffer, { bodyChecksum }: RecordHeader, salt: number): OutgoingMessage | null {
  if (crc32(body, salt) !== bodyChecksum) return null;
  const payloadAt = LENGTH_BYTES + body.readUInt32LE(0);
  // It is exactly what `encodeBody` wrote: the checksum says so.
  const facts = JSON.parse(body.toString('utf8', LENGTH_BYTES, payloadAt)) as readonly [
    string,
    string,
    string,
    Headers,
  ];
  const [id, subject, key, headers] = facts;
  return { id, subject, key, headers, payload: Uint8Array.prototype.slice.call(body, payloadAt, -END.byteLength) };
}
