// C1–C4 for any positions, and for anything a client may send instead of a cursor.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CURSOR_BYTES_MAX, cursorText, markOf, parseCursor, positionText, type Position } from './cursor.ts';
import { streamTag } from './stream-topology.ts';

const position = fc.record({ sequence: fc.maxSafeNat(), mark: fc.nat(2 ** 32 - 1) });
const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const positions = fc
  .uniqueArray(fc.tuple(name.map(streamTag), position), { minLength: 1, maxLength: 4, selector: ([tag]) => tag })
  .map((entries) => new Map(entries));

const textOf = (byTag: ReadonlyMap<string, Position>): string =>
  cursorText([...byTag].map(([tag, at]) => ({ text: positionText(tag, at) })));

describe('a cursor', () => {
  test('gives back what was put into it (C1)', () => {
    fc.assert(fc.property(positions, (byTag) => expect(parseCursor(textOf(byTag))).toEqual(byTag)));
  });

  test('has at most 128 bytes, all of which a browser sends without a preflight (C2)', () => {
    fc.assert(
      fc.property(positions, (byTag) => {
        expect(textOf(byTag)).toMatch(/^[A-Za-z0-9._~-]+$/);
        expect(textOf(byTag).length).toBeLessThanOrEqual(CURSOR_BYTES_MAX);
      }),
    );
  });

  test('that a client made up is refused without an exception (C3)', () => {
    const hostile = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^1(~[0-9a-z.]{0,30}){0,6}$/));
    fc.assert(
      fc.property(hostile, (text) => {
        const read = parseCursor(text);
        expect(read === null || textOf(read) === text).toBe(true); // (C4)
      }),
    );
  });

  test('that was changed a little is refused, or is another cursor: one cursor has one text (C4)', () => {
    fc.assert(
      fc.property(positions, fc.nat(), fc.string({ minLength: 1, maxLength: 3 }), (byTag, at, noise) => {
        const text = textOf(byTag);
        const changed = text.slice(0, at % text.length) + noise + text.slice(at % text.length);
        const read = parseCursor(changed);
        expect(read === null || textOf(read) === changed).toBe(true);
      }),
    );
  });

  test.each([
    ['', 'nothing'],
    ['1', 'no stream'],
    ['2~a.1.1', 'another version'],
    ['1~a.01.1', 'a leading zero'],
    ['1~a.1.1~a.2.1', 'a stream twice'],
    ['1~a.1.1~b.1.1~c.1.1~d.1.1~e.1.1', 'five streams'],
    ['1~a.zzzzzzzzzzz.1', 'a sequence that no number holds'],
    ['1~a.1.zzzzzzz', 'a mark above 32 bits'],
    ['1~a.1.1\n', 'a line end'],
    ['42', 'a bare sequence'],
  ])('%j is none: %s (C3)', (text) => {
    expect(parseCursor(text)).toBeNull();
  });

  test('tells two instants apart unless they are a multiple of 49 days apart', () => {
    const time = Date.parse('2026-11-21T12:00:00.000Z');
    expect(markOf(time)).not.toBe(markOf(time + 1));
    expect(markOf(new Date(time))).toBe(markOf(time));
    expect(markOf(time)).toBeLessThan(2 ** 32);
  });
});
