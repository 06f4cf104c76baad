// Every way in which a claim and a stream can disagree. What is missing must be said, whatever else is said.
import { describe, expect, test } from '@jest/globals';
import type { StreamBounds } from '@longwave/messaging';
import fc from 'fast-check';
import { markOf, type Position } from './cursor.ts';
import { decideResumption, lostAfter } from './resumption.ts';

const EPOCH = Date.parse('2026-01-01T00:00:00.000Z');
const STORED = new Date('2026-11-21T12:00:00.123Z');
const bounds = (first: number, last: number): StreamBounds => ({ stream: 's', epoch: EPOCH, first, last });
const claim = (sequence: number, mark = markOf(STORED)): Position => ({ sequence, mark });
const gap = (from: number, to: number) => ({ stream: 's', from, to, reason: 'expired' });

describe('a client that comes back', () => {
  test('goes on after its cursor when the message there is the one it had', () => {
    const resumption = decideResumption(claim(7), bounds(1, 9), STORED);
    expect(resumption).toEqual({ kind: 'after', position: claim(7), gap: null });
  });

  test('goes on live, and is told, when there is another message at that place', () => {
    const resumption = decideResumption(claim(7), bounds(1, 9), new Date(STORED.getTime() + 1));
    expect(resumption).toEqual({ kind: 'live', reason: 'recreated' });
  });

  test('goes on live, and is told, when its cursor is beyond the end', () => {
    expect(decideResumption(claim(10), bounds(1, 9), null)).toEqual({ kind: 'live', reason: 'ahead' });
    expect(decideResumption(claim(1), bounds(1, 0), null)).toEqual({ kind: 'live', reason: 'ahead' });
  });

  test('hears what is left, and what is not, when the stream begins later now', () => {
    const resumption = decideResumption(claim(3), bounds(8, 9), null);
    const position = { sequence: 7, mark: markOf(EPOCH) };
    expect(resumption).toEqual({ kind: 'after', position, gap: gap(4, 7) });
  });

  test('is told even when only its own message is gone: nothing proves that it is the same stream', () => {
    expect(decideResumption(claim(7), bounds(8, 9), null)).toMatchObject({ gap: gap(7, 7) });
    expect(decideResumption(claim(7), bounds(2, 9), null)).toMatchObject({ position: { sequence: 7 }, gap: gap(7, 7) });
  });

  test('is believed before the first message when it names the stream’s creation', () => {
    const start = claim(0, markOf(EPOCH));
    expect(decideResumption(start, bounds(1, 9), null)).toEqual({ kind: 'after', position: start, gap: null });
    expect(decideResumption(start, bounds(1, 0), null)).toEqual({ kind: 'after', position: start, gap: null });
    expect(decideResumption(start, bounds(5, 9), null)).toMatchObject({ gap: gap(1, 4) });
    expect(decideResumption(claim(0), bounds(1, 9), null)).toEqual({ kind: 'live', reason: 'recreated' });
    const emptied = claim(9, markOf(EPOCH));
    expect(decideResumption(emptied, bounds(10, 9), null)).toEqual({ kind: 'after', position: emptied, gap: null });
  });

  test('never misses a message that is gone without a word', () => {
    const world = fc.record({ sequence: fc.nat(20), first: fc.integer({ min: 1, max: 20 }), count: fc.nat(20) });
    const marks = fc.constantFrom(markOf(STORED), markOf(EPOCH), 12);
    fc.assert(
      fc.property(world, marks, ({ sequence, first, count }, mark) => {
        const held = bounds(first, first + count - 1);
        const storedAt = sequence >= held.first && sequence <= held.last ? STORED : null;
        const resumption = decideResumption({ sequence, mark }, held, storedAt);
        if (resumption.kind === 'live') return true; // It is told, and given nothing old.
        const { position, gap: told } = resumption;
        if (told !== null)
          return told.from <= told.to && told.to === position.sequence && position.sequence >= sequence;
        return held.first <= sequence + 1 && position.sequence === sequence;
      }),
    );
  });
});

test('what is purged while somebody reads on is lost from there to the new beginning', () => {
  expect(lostAfter(claim(3), bounds(4, 9))).toBeNull();
  expect(lostAfter(claim(3), bounds(1, 9))).toBeNull();
  expect(lostAfter(claim(3), bounds(9, 9))).toEqual(gap(4, 8));
});
