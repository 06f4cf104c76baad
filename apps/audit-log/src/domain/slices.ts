// Cuts a batch into slices that a database takes in one statement. A statement grows with the payloads in it, and
// beyond a gigabyte, or half of that in this process, it would fail for ever.
import type { NewEntry } from './entry.ts';

/** In order; each slice has at most `payloadBytesMax` bytes of payload, or is a single entry. */
export function slicesOf(entries: readonly NewEntry[], payloadBytesMax: number): readonly (readonly NewEntry[])[] {
  const slices: NewEntry[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    bytes += entry.payload.byteLength;
    const last = slices.at(-1);
    if (last !== undefined && bytes <= payloadBytesMax) last.push(entry);
    else {
      slices.push([entry]);
      bytes = entry.payload.byteLength;
    }
  }
  return slices;
}

export function payloadBytesOf(entries: readonly NewEntry[]): number {
  return entries.reduce((bytes, { payload }) => bytes + payload.byteLength, 0);
}
