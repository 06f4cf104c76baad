// The ring against a plain list that forgets nothing.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Ring, type FeedPosition } from './ring.ts';

const at = (sequence: number): FeedPosition => ({ sequence, mark: sequence, generation: 1, text: '' });

describe('a ring', () => {
  test('holds everything after its floor, and stays within its bytes (W1)', () => {
    const steps = fc.array(fc.record({ skip: fc.integer({ min: 1, max: 3 }), bytes: fc.nat(2_000) }), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 20_000 }), (pushes, bytesMax) => {
        const ring = new Ring(bytesMax, at(0));
        const all: number[] = [];
        for (const { skip, bytes } of pushes) {
          const sequence = (all.at(-1) ?? 0) + skip;
          all.push(sequence);
          ring.push({ position: at(sequence), subject: 's', data: Buffer.alloc(bytes), storedAtMs: 0 });
          const held = [...ring.after(ring.floor.sequence)].map(({ position }) => position.sequence);
          expect(held).toEqual(all.filter((known) => known > ring.floor.sequence));
          expect(ring.last.sequence).toBe(sequence);
          expect(ring.bytes <= bytesMax || held.length === 1).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('finds exactly the positions it knows, its floor among them', () => {
    const ring = new Ring(1_000, at(10));
    for (const sequence of [11, 14, 15])
      ring.push({ position: at(sequence), subject: 's', data: Buffer.alloc(1), storedAtMs: 0 });
    const found = [9, 10, 11, 12, 13, 14, 15, 16].filter((sequence) => ring.find(sequence)?.sequence === sequence);
    expect(found).toEqual([10, 11, 14, 15]);
    expect(ring.find(12)).toBeUndefined();
  });

  test('keeps its newest event, however large: whoever is at its end must not fall behind by it', () => {
    const ring = new Ring(10, at(0));
    ring.push({ position: at(1), subject: 's', data: Buffer.alloc(1), storedAtMs: 0 });
    ring.push({ position: at(2), subject: 's', data: Buffer.alloc(100_000), storedAtMs: 0 });
    expect(ring.floor.sequence).toBe(1);
    expect([...ring.after(1)]).toHaveLength(1);
  });

  test('forgets what a long life brought it', () => {
    const ring = new Ring(300 * 10, at(0));
    for (let sequence = 1; sequence <= 50_000; sequence += 1) {
      ring.push({ position: at(sequence), subject: 's', data: Buffer.alloc(0), storedAtMs: 0 });
    }
    expect([...ring.after(0)].length).toBeLessThanOrEqual(12);
    expect(ring.find(49_999)?.sequence).toBe(49_999);
    ring.restart(at(7));
    expect([ring.last.sequence, ring.floor.sequence, ring.bytes]).toEqual([7, 7, 0]);
  });
});
