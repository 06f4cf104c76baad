// C1, C2: a cursor brings back its position, in its own list only, and no text is an error of ours.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { decodeCursor, encodeCursor, InvalidCursorError } from './cursor.ts';

const position = z.tuple([z.string(), z.int()]);
const anyPosition = fc.tuple(fc.string({ maxLength: 255 }), fc.nat());
const anyScope = fc.array(fc.oneof(fc.string(), fc.boolean(), fc.constant(null)), { maxLength: 5 });

test('a cursor gives back the position it was made of, and survives a URL as it is', () => {
  fc.assert(
    fc.property(anyScope, anyPosition, (scope, at) => {
      const cursor = encodeCursor(scope, at);
      expect(decodeCursor(scope, cursor, position)).toEqual(at);
      expect(encodeURIComponent(cursor)).toBe(cursor);
    }),
  );
});

test('C1: a cursor of another list is refused', () => {
  fc.assert(
    fc.property(anyScope, anyScope, anyPosition, (scope, other, at) => {
      fc.pre(JSON.stringify(scope) !== JSON.stringify(other));
      expect(() => decodeCursor(other, encodeCursor(scope, at), position)).toThrow(InvalidCursorError);
    }),
  );
});

test('C2: no text of any kind is an error of ours', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String()), (text) => {
      expect(() => decodeCursor([], text, position)).toThrow(InvalidCursorError);
    }),
  );
});

describe('C2: a cursor that somebody makes', () => {
  const inBase64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  test.each([
    [
      'with another position',
      inBase64([JSON.parse(Buffer.from(encodeCursor([], ['a', 1]), 'base64url').toString())[0], ['b', 1]]),
    ],
    ['with a position of another shape and the right checksum', encodeCursor([], [{ $ne: 1 }, 1])],
    ['with one part too few', inBase64(['x'])],
    ['with nothing in it', ''],
    ['that is no object at all', inBase64('x')],
    ['of a megabyte', 'A'.repeat(1_000_000)],
  ])('%s is refused', (_, cursor) => {
    expect(() => decodeCursor([], cursor, position)).toThrow(InvalidCursorError);
  });
});
