// O9 on a clock of the test's own: a wake is never lost, and a sleep leaves no timer behind.
import { expect, test } from '@jest/globals';
import { VirtualTime } from '../memory/virtual-time.ts';
import { createWaker } from './waker.ts';

test('O9: a sleep ends after its time, and says so', async () => {
  const time = new VirtualTime();
  const sleep = createWaker(time).sleep(1_000);
  await time.advance(1_000);
  await expect(sleep).resolves.toBe('slept');
});

test('O9: a wake ends a sleep at once; one that came before the sleep counts, once', async () => {
  const time = new VirtualTime();
  const waker = createWaker(time);
  const sleep = waker.sleep(1_000);
  waker.wake();
  await expect(sleep).resolves.toBe('woken');
  waker.wake();
  waker.wake();
  await expect(waker.sleep(1_000)).resolves.toBe('woken');
  const long = waker.sleep(1_000);
  await time.advance(1_000);
  await expect(long).resolves.toBe('slept');
  expect(time.waiting).toBe(0);
});
