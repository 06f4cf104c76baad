// Where the next page of a list begins, as an opaque word. It is bound to what was asked (C1): with other filters or
// another order the position would mean something else, so it is refused.
// The checksum is no secret. A cursor that somebody computes by hand is a position like any other, and its parts are
// checked like any input (C2).
import { createHash } from 'node:crypto';
import { z } from 'zod';

/** The cursor was not made by this list, or not for these filters and this order. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError';
  readonly code = 'invalid-cursor';

  constructor() {
    super('The cursor does not belong to this list with these filters and this order. Start again without it.');
  }
}

const CHECKSUM_LENGTH = 16;
/** A position is a text of 255 characters and a number; encoded, well below this. */
export const CURSOR_LENGTH_MAX = 4_096;

/** `scope`: everything that decides which items are listed and in which order, as a JSON value. */
export function encodeCursor(scope: unknown, position: unknown): string {
  return Buffer.from(JSON.stringify([checksum(scope, position), position])).toString('base64url');
}

/** Throws InvalidCursorError. */
export function decodeCursor<Position extends z.ZodType>(
  scope: unknown,
  cursor: string,
  position: Position,
): z.output<Position> {
  const [sum, parts] = z.tuple([z.string(), z.unknown()]).safeParse(parse(cursor)).data ?? [];
  const checked = position.safeParse(parts); // (C2)
  if (!checked.success || sum !== checksum(scope, checked.data)) throw new InvalidCursorError(); // (C1)
  return checked.data;
}

function parse(cursor: string): unknown {
  if (cursor.length > CURSOR_LENGTH_MAX || !/^[A-Za-z0-9_-]*$/.test(cursor)) throw new InvalidCursorError();
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    // Whatever it is, it is not one of ours.
    throw new InvalidCursorError();
  }
}

function checksum(scope: unknown, position: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([scope, position]))
    .digest('base64url')
    .slice(0, CHECKSUM_LENGTH);
}
