// Who runs beside whom, and who waits: G12 on a clock of the test's own.
import { expect, test } from '@jest/globals';
import { VirtualTime } from '../memory/virtual-time.ts';
import { Solitude } from './solitude.ts';

const never = new AbortController().signal;

/** Somebody who wants to be alone until `end` is called. */
function lonely(solitude: Solitude, crashes: number, log: string[], signal = never) {
  const { promise, resolve: end } = Promise.withResolvers<void>();
  const ended = solitude.alone(crashes, { stopping: signal, abandoning: never }, async () => {
    log.push(`${crashes} begins`);
    await promise;
  });
  return { end, ended };
}

test('G12: who wants to be alone waits for those that run, and those that come later wait for it', async () => {
  const time = new VirtualTime();
  const solitude = new Solitude(time);
  const log: string[] = [];
  const first = solitude.tryEnter();
  if (first === null) throw new Error('nobody is alone');
  const { end, ended } = lonely(solitude, 0, log);
  await time.advance(0);
  expect(log).toEqual([]);
  expect(solitude.tryEnter()).toBeNull();
  const later = solitude.enter(never);
  solitude.leave(first);
  await time.advance(0);
  expect(log).toEqual(['0 begins']);
  expect(solitude.tryEnter()).toBeNull();
  end();
  await ended;
  expect(await later).not.toBeNull();
  expect(solitude.tryEnter()).not.toBeNull();
  expect(time.waiting).toBe(0);
});

test('G12: of those who want to be alone the least suspicious is first', async () => {
  const time = new VirtualTime();
  const solitude = new Solitude(time);
  const log: string[] = [];
  const [running, killer, innocent] = [2, 1, 0].map((crashes) => lonely(solitude, crashes, log));
  for (const one of [running, innocent, killer]) {
    one?.end();
    await one?.ended;
  }
  expect(log).toEqual(['2 begins', '0 begins', '1 begins']);
});

test('G12: what hangs holds up nobody for longer than half a minute, whether it is alone or waited for', async () => {
  const time = new VirtualTime();
  const solitude = new Solitude(time);
  const log: string[] = [];
  const hanging = solitude.tryEnter();
  if (hanging === null) throw new Error('nobody is alone');
  void lonely(solitude, 1, log);
  await time.advance(29_999);
  expect(log).toEqual([]);
  await time.advance(1);
  expect(log).toEqual(['1 begins']);
  void lonely(solitude, 2, log);
  await time.advance(29_999);
  expect(log).toHaveLength(1);
  await time.advance(1);
  expect(log).toEqual(['1 begins', '2 begins']);
  // What was waited for in vain ends at last, and is not counted again.
  solitude.leave(hanging);
  await time.advance(30_000);
  expect(solitude.tryEnter()).not.toBeNull();
  expect(time.waiting).toBe(0);
});

test('G7: who is told to stop while it waits begins nothing, and holds up nobody', async () => {
  const time = new VirtualTime();
  const solitude = new Solitude(time);
  const log: string[] = [];
  const stopping = new AbortController();
  const running = solitude.tryEnter();
  if (running === null) throw new Error('nobody is alone');
  const { ended } = lonely(solitude, 0, log, stopping.signal);
  const beside = solitude.enter(stopping.signal);
  stopping.abort();
  expect(await ended).toBeNull();
  expect(await beside).toBeNull();
  expect(solitude.tryEnter()).not.toBeNull();
  expect(log).toEqual([]);
  expect(time.waiting).toBe(0);
});
