// Reads a part of a segment, record by record, and says what is wrong with it. What a crash leaves at the end is told
// from damage: a write that was cut short is the beginning of a record, or zeros. Anything else was once whole. (B4, B5)
import type { OutgoingMessage } from '../contract/encode.ts';
import type { DiskFile } from './disk.ts';
import { decodeBody, decodeHeader, RECORD_HEADER_BYTES, RECORD_MARKER } from './record.ts';

export type BufferedMessage = {
  readonly number: number;
  readonly bufferedAtMs: number;
  readonly message: OutgoingMessage;
};

/** `end` is the offset behind it. `torn` comes last, and begins at `end`. */
export type Scanned =
  | { readonly kind: 'record'; readonly end: number; readonly record: BufferedMessage }
  | { readonly kind: 'damage'; readonly end: number }
  | { readonly kind: 'torn'; readonly end: number };

export type ScanRange = {
  readonly file: DiskFile;
  readonly salt: number;
  readonly from: number;
  readonly to: number;
};

const CHUNK_BYTES = 256 * 1024;

export async function* scanSegment({ file, salt, from, to }: ScanRange): AsyncGenerator<Scanned, void, void> {
  const bytesAt = chunkReader(file, to);
  let at = from;
  while (at < to) {
    const head = await bytesAt(at, RECORD_HEADER_BYTES);
    const header = decodeHeader(head, salt);
    const end = at + RECORD_HEADER_BYTES + (header?.bodyBytes ?? 0);
    if (to - at < RECORD_HEADER_BYTES || (header !== null && end > to)) return yield { kind: 'torn', end: at };
    if (header === null) {
      if (await isZero(bytesAt, at, to)) return yield { kind: 'torn', end: at };
      at = await findHeader(bytesAt, salt, at + 1, to);
      yield { kind: 'damage', end: at };
      continue;
    }
    const message = decodeBody(await bytesAt(at + RECORD_HEADER_BYTES, header.bodyBytes), header, salt);
    at = end;
    if (message === null) yield { kind: 'damage', end };
    else yield { kind: 'record', end, record: { ...header, message } };
  }
}

type BytesAt = (offset: number, byteCount: number) => Promise<Buffer>;

/** Reads ahead, but never behind `to`. */
function chunkReader(file: DiskFile, to: number): BytesAt {
  let chunk: Buffer = Buffer.alloc(0);
  let chunkAt = 0;
  return async (offset, byteCount) => {
    const wanted = Math.min(byteCount, to - offset);
    if (offset < chunkAt || offset + wanted > chunkAt + chunk.byteLength) {
      chunk = await file.read(offset, Math.min(Math.max(wanted, CHUNK_BYTES), to - offset));
      chunkAt = offset;
    }
    return chunk.subarray(offset - chunkAt, offset - chunkAt + wanted);
  };
}

async function isZero(bytesAt: BytesAt, from: number, to: number): Promise<boolean> {
  for (let at = from; at < to; at += CHUNK_BYTES) {
    if ((await bytesAt(at, CHUNK_BYTES)).some((byte) => byte !== 0)) return false;
  }
  return true;
}

/** The offset of the next header at or after `from`; `to` when there is none. */
async function findHeader(bytesAt: BytesAt, salt: number, from: number, to: number): Promise<number> {
  const marker = Buffer.alloc(4);
  marker.writeUInt32LE(RECORD_MARKER);
  let at = from;
  while (at + RECORD_HEADER_BYTES <= to) {
    const chunk = await bytesAt(at, CHUNK_BYTES);
    const found = chunk.indexOf(marker);
    if (found === -1) at += Math.max(1, chunk.byteLength - marker.byteLength + 1);
    else if (decodeHeader(await bytesAt(at + found, RECORD_HEADER_BYTES), salt) !== null) return at + found;
    else at += found + 1;
  }
  return to;
}
