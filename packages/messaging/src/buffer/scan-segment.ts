// Reads a part of a segment, record by record, and says what is wrong with it. What a crash leaves at the end is told
// from damage: a write that was cut short is the beginning of a record, and maybe zeros. Anything else was once whole.
// (B4, B5)
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
    const found = await scanRecord(bytesAt, salt, at, to);
    yield found;
    if (found.kind === 'torn') return;
    at = found.end;
  }
}

async function scanRecord(bytesAt: BytesAt, salt: number, at: number, to: number): Promise<Scanned> {
  const header = decodeHeader(await bytesAt(at, RECORD_HEADER_BYTES), salt);
  const end = at + RECORD_HEADER_BYTES + (header?.bodyBytes ?? 0);
  if (to - at < RECORD_HEADER_BYTES || end > to) return { kind: 'torn', end: at };
  if (header !== null) {
    const body = await bytesAt(at + RECORD_HEADER_BYTES, header.bodyBytes);
    const message = decodeBody(body, header, salt);
    const { number, bufferedAtMs } = header;
    if (message !== null) return { kind: 'record', end, record: { number, bufferedAtMs, message } };
    if (body.at(-1) !== 0) return { kind: 'damage', end };
  }
  const next = await findHeader(bytesAt, salt, at + 1, to);
  if (next === to && (await bytesAt(to - 1, 1))[0] === 0) return { kind: 'torn', end: at };
  return { kind: 'damage', end: next };
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

/** The offset of the next header at or after `from`; `to` when there is none. */
async function findHeader(bytesAt: BytesAt, salt: number, from: number, to: number): Promise<number> {
  const marker = Buffer.alloc(4);
  marker.writeUInt32LE(RECORD_MARKER);
  let at = from;
  while (at + RECORD_HEADER_BYTES <= to) {
    const chunk = await bytesAt(at, CHUNK_BYTES);
    if (chunk.byteLength < RECORD_HEADER_BYTES) return to; // somebody has cut the file
    const found = chunk.indexOf(marker);
    if (found === -1) at += chunk.byteLength - marker.byteLength + 1;
    else if (decodeHeader(await bytesAt(at + found, RECORD_HEADER_BYTES), salt) !== null) return at + found;
    else at += found + 1;
  }
  return to;
}
