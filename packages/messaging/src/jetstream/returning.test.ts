// What comes again, in whatever order: on a clock of the test's own.
import { expect, test } from '@jest/globals';
import { VirtualTime } from '../memory/virtual-time.ts';
import type { Delivery } from '../ports.ts';
import { Returning } from './returning.ts';

function returning(count: number): {
  readonly time: VirtualTime;
  readonly given: number[];
  readonly returns: Returning;
  readonly come: (sequence: number, deliveryCount?: number) => void;
} {
  const time = new VirtualTime();
  const given: number[] = [];
  const returns = new Returning(count, time, ({ stored }) => void given.push(stored.sequence));
  // Nothing else of a delivery is looked at.
  const come = (sequence: number, deliveryCount = 2): void =>
    returns.receive({ stored: { sequence }, deliveryCount } as unknown as Delivery);
  return { time, given, returns, come };
}

test('Z6: what comes again is handed over in order as soon as all of it is there, and what is new after it', () => {
  const { time, given, come } = returning(3);
  for (const sequence of [2, 3]) come(sequence);
  expect(given).toEqual([]);
  come(1);
  expect(given).toEqual([1, 2, 3]);
  come(5, 1);
  come(4, 2);
  expect(given).toEqual([1, 2, 3, 5, 4]);
  expect(time.waiting).toBe(0);
});

test('Z6: something new says that nothing else comes again, and so does half a second', async () => {
  const { given, come } = returning(9);
  for (const sequence of [3, 2]) come(sequence);
  come(10, 1);
  expect(given).toEqual([2, 3, 10]);
  const late = returning(9);
  for (const sequence of [3, 2]) late.come(sequence);
  await late.time.advance(500);
  expect(late.given).toEqual([2, 3]);
});

test('Z4, Z6: of a group that is lost nothing is handed over, and no timer is left', async () => {
  const { time, given, returns, come } = returning(3);
  come(2);
  returns.drop();
  await time.advance(1_000);
  expect([given, time.waiting]).toEqual([[], 0]);
});
