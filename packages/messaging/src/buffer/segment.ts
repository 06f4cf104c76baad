// A file of records. Its name says the number of its first record and the salt of its checksums; its header says the
// format, so that a later version is refused instead of misread.
import { crc32 } from 'node:zlib';

export type Segment = {
  readonly path: string;
  readonly first: number;
  readonly salt: number;
  /** How much of the file is synced. */
  bytes: number;
  /** Something in it cannot be read: it is kept for somebody to look at. */
  isDamaged: boolean;
};

export const SEGMENT_HEADER_BYTES = 16;

const MAGIC = Buffer.from('LWBUFFER');
const FORMAT = 1;
const NAME = /^(\d{15})-([0-9a-f]{8})\.segment$/;

export function segmentName(first: number, salt: number): string {
  return `${String(first).padStart(15, '0')}-${salt.toString(16).padStart(8, '0')}.segment`;
}

/** Null for a file that is no segment. */
export function parseSegmentName(name: string): { readonly first: number; readonly salt: number } | null {
  const [, first, salt] = NAME.exec(name) ?? [];
  if (first === undefined || salt === undefined) return null;
  return { first: Number(first), salt: Number.parseInt(salt, 16) };
}

export function encodeSegmentHeader(): Buffer {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(FORMAT, 8);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 12)), 12);
  return bytes;
}

/** `damaged`: nobody can tell; its records may still be good, and say so themselves. */
export function readSegmentHeader(bytes: Buffer): 'known' | 'unknown' | 'damaged' {
  if (bytes.byteLength < SEGMENT_HEADER_BYTES || !bytes.subarray(0, 8).equals(MAGIC)) return 'damaged';
  if (bytes.readUInt32LE(12) !== crc32(bytes.subarray(0, 12))) return 'damaged';
  return bytes.readUInt32LE(8) === FORMAT ? 'known' : 'unknown';
}
