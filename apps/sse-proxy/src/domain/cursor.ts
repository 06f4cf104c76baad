// The event id: for every stream of a subscription, how far the client has been served. Opaque to clients.
//
//   1~<tag>.<sequence>.<mark>[~<tag>.<sequence>.<mark>…]      all numbers in base 36
//
// C1  A cursor holds for any proxy and for any later version: nothing of a connection is remembered anywhere else.
// C2  At most 128 bytes of A–Z a–z 0–9 . _ ~ -. Longer, or with any other byte, browsers would send a CORS preflight
//     before every cross-origin reconnect.
// C3  Reading one never throws: it comes from the client, who may have made it up.
// C4  One cursor has one text.

/** Everything in the stream up to and including `sequence` has been considered for the client. */
export type Position = {
  readonly sequence: number;
  /** 32 bits of when the message at `sequence` was stored; of when the stream was created if it holds none there. */
  readonly mark: number;
};

export const CURSOR_BYTES_MAX = 128;

const VERSION = '1';
const MARK_VALUES = 2 ** 32;
const PATTERN = /^1(?:~[0-9a-z]{1,7}\.[0-9a-z]{1,11}\.[0-9a-z]{1,7}){1,4}$/;

/** The low 32 bits of an instant in milliseconds: enough to tell a message from another at the same sequence. */
export function markOf(instant: Date | number): number {
  return Math.trunc(Number(instant)) % MARK_VALUES;
}

/** One stream's part of a cursor. */
export function positionText(tag: string, { sequence, mark }: Position): string {
  return `${tag}.${sequence.toString(36)}.${mark.toString(36)}`;
}

/** The cursor of the given parts, in the order of the subscription's streams. */
export function cursorText(parts: readonly { readonly text: string }[]): string {
  let cursor = VERSION;
  for (const { text } of parts) cursor += `~${text}`;
  return cursor;
}

/** The positions by stream tag; null for anything that `cursorText` cannot have made. (C3, C4) */
export function parseCursor(text: string): ReadonlyMap<string, Position> | null {
  if (text.length > CURSOR_BYTES_MAX || !PATTERN.test(text)) return null;
  const positions = new Map<string, Position>();
  for (const part of text.split('~').slice(1)) {
    const [tag = '', sequenceText = '', markText = ''] = part.split('.');
    const position = { sequence: Number.parseInt(sequenceText, 36), mark: Number.parseInt(markText, 36) };
    if (!Number.isSafeInteger(position.sequence) || position.mark >= MARK_VALUES) return null;
    // Leading zeros, or a stream twice.
    if (positions.has(tag) || positionText(tag, position) !== part) return null;
    positions.set(tag, position);
  }
  return positions;
}
