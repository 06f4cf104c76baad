// O8 on a clock of the test's own: how long a key waits, and what is forgotten.
import { expect, test } from '@jest/globals';
import { VirtualTime } from '../memory/virtual-time.ts';
import { KeySetbacks } from './key-setbacks.ts';

test('O8: a key waits longer each time it fails, is due after that, and starts anew once it has succeeded', async () => {
  const time = new VirtualTime();
  let wakes = 0;
  const setbacks = new KeySetbacks(time, () => (wakes += 1));
  for (const waitMs of [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]) {
    setbacks.add('k', 0, false);
    await time.advance(waitMs - 1);
    expect(setbacks.waitingKeys()).toEqual(['k']);
    await time.advance(1);
    expect(setbacks.waitingKeys()).toEqual([]);
    expect(setbacks.dueKeys()).toEqual(['k']);
  }
  expect(wakes).toBe(7);
  setbacks.remove('k');
  setbacks.add('k', 0, false);
  await time.advance(250);
  expect(setbacks.dueKeys()).toEqual(['k']);
});

test('O8: a refused key waits for half a minute and is named until it succeeds', async () => {
  const time = new VirtualTime();
  const setbacks = new KeySetbacks(time, () => undefined);
  setbacks.add('k', 0, true);
  await time.advance(29_999);
  expect(setbacks.waitingKeys()).toEqual(['k']);
  await time.advance(1);
  expect(setbacks.refusedKeys).toEqual(['k']);
  setbacks.remove('k');
  expect(setbacks.refusedKeys).toEqual([]);
});

test('setbacks of lanes that are lost are forgotten, and none leaves a timer', () => {
  const time = new VirtualTime();
  const setbacks = new KeySetbacks(time, () => undefined);
  for (let number = 0; number < 500; number += 1) setbacks.add(`k${number}`, number % 8, false);
  expect(setbacks.areTooMany).toBe(true);
  setbacks.keepOnlyLanes([3]);
  expect(setbacks.count).toBe(63);
  setbacks.keepOnlyLanes([]);
  expect(time.waiting).toBe(0);
});
