// Waiting, on a clock of the test's own: it ends when it should, and leaves no timer and no listener behind.
import { afterEach, expect, jest, test } from '@jest/globals';
import { VirtualTime } from './memory/virtual-time.ts';
import { endsWithin, pause, systemTime } from './time.ts';
import { unlessAborted } from './unless-aborted.ts';

test('a pause ends with its time, or with its signal, and its timer with it', async () => {
  const time = new VirtualTime();
  const stopping = new AbortController();
  const ended: string[] = [];
  void pause(time, 100).then(() => ended.push('time'));
  void pause(time, 1_000, stopping.signal).then(() => ended.push('signal'));
  await time.advance(99);
  expect(ended).toEqual([]);
  await time.advance(1);
  expect(ended).toEqual(['time']);
  stopping.abort();
  await pause(time, 1_000, stopping.signal);
  expect(ended).toEqual(['time', 'signal']);
  expect(time.waiting).toBe(0);
});

test('what ends within its time is told from what does not, and a failure is an end', async () => {
  const time = new VirtualTime();
  await expect(endsWithin(time, 100, Promise.resolve())).resolves.toBe(true);
  await expect(endsWithin(time, 100, Promise.reject(new Error('x')))).resolves.toBe(true);
  const late = endsWithin(time, 100, new Promise(() => undefined));
  await time.advance(100);
  await expect(late).resolves.toBe(false);
  expect(time.waiting).toBe(0);
});

test('nobody waits longer than a signal allows, for work that ends, fails or never does', async () => {
  const stopping = new AbortController();
  await expect(unlessAborted(stopping.signal, Promise.resolve(1))).resolves.toBe(1);
  await expect(unlessAborted(stopping.signal, Promise.reject(new Error('x')))).rejects.toThrow('x');
  const never = unlessAborted(stopping.signal, new Promise(() => undefined));
  stopping.abort(new Error('stopped'));
  await expect(never).rejects.toThrow('stopped');
  await expect(unlessAborted(stopping.signal, Promise.resolve(1))).rejects.toThrow('stopped');
});

afterEach(() => void jest.useRealTimers());

test('a delay that is longer than a timer can be is waited for, and taken back', () => {
  jest.useFakeTimers();
  const dayMs = 86_400_000;
  let runs = 0;
  systemTime.after(60 * dayMs, () => (runs += 1));
  const cancel = systemTime.after(Number.POSITIVE_INFINITY, () => (runs += 1));
  jest.advanceTimersByTime(60 * dayMs - 1);
  expect(runs).toBe(0);
  jest.advanceTimersByTime(1);
  expect(runs).toBe(1);
  jest.advanceTimersByTime(365 * dayMs);
  cancel();
  expect([runs, jest.getTimerCount()]).toEqual([1, 0]);
});
