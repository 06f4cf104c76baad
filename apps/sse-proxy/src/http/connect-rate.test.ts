// S10: how many may begin in a second, with a clock that is moved.
import { expect, test } from '@jest/globals';
import { ConnectRate } from './connect-rate.ts';

test('lets in so many at once and so many each second, and saves up no more than a second’s', () => {
  let nowMs = 0;
  const rate = new ConnectRate(10, () => nowMs);
  const takeAll = (): number => {
    let taken = 0;
    while (rate.take()) taken += 1;
    return taken;
  };
  expect(takeAll()).toBe(10);
  expect(takeAll()).toBe(0);
  nowMs += 500;
  expect(takeAll()).toBe(5);
  nowMs += 60_000;
  expect(takeAll()).toBe(10);
  for (let count = 0; count < 10; count += 1) nowMs += 10; // refused requests cost no token
  expect(takeAll()).toBe(1);
});
