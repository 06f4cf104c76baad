import { expect, test } from '@jest/globals';
import { until } from '../testing/until.ts';
import { RefetchOverflowError, RefetchQueue } from './refetch-queue.ts';

type Read = { readonly path: string; readonly signal: AbortSignal; readonly done: PromiseWithResolvers<void> };

function createQueue(limits: { readonly concurrency?: number; readonly waitingMax?: number } = {}): {
  readonly queue: RefetchQueue;
  readonly reads: Read[];
  readonly lost: unknown[];
} {
  const reads: Read[] = [];
  const lost: unknown[] = [];
  const queue = new RefetchQueue({
    read: (path, signal) => {
      const done = Promise.withResolvers<void>();
      reads.push({ path, signal, done });
      return done.promise;
    },
    onLost: (cause) => lost.push(cause),
    ...limits,
  });
  return { queue, reads, lost };
}

test('R1 a thing that changes while it is read is read once more, after', async () => {
  const { queue, reads } = createQueue();
  queue.push('/a');
  queue.push('/a');
  queue.push('/a');
  expect(reads).toHaveLength(1);
  reads[0]?.done.resolve();
  await until('a second read', () => reads.length === 2);
  reads[1]?.done.resolve();
  queue.push('/b');
  await until('a third read', () => reads.length === 3);
  expect(reads.map(({ path }) => path)).toEqual(['/a', '/a', '/b']);
});

test('R2 no more than a few things are read at once', async () => {
  const { queue, reads } = createQueue({ concurrency: 2 });
  for (const path of ['/a', '/b', '/c']) queue.push(path);
  expect(reads.map(({ path }) => path)).toEqual(['/a', '/b']);
  reads[1]?.done.resolve();
  await until('the third', () => reads.length === 3);
  expect(reads[2]?.path).toBe('/c');
});

test('R2 when too many wait, everything is read anew instead', () => {
  const { queue, reads, lost } = createQueue({ concurrency: 1, waitingMax: 2 });
  for (const path of ['/a', '/b', '/c', '/d']) queue.push(path);
  expect(reads).toHaveLength(1);
  expect(lost).toEqual([expect.any(RefetchOverflowError)]);
});

test('a read that fails is told, and the next one still runs', async () => {
  const { queue, reads, lost } = createQueue({ concurrency: 1 });
  queue.push('/a');
  queue.push('/b');
  reads[0]?.done.reject(new Error('away'));
  await until('the next', () => reads.length === 2);
  expect(lost).toEqual([new Error('away')]);
});

test('R3 after stop nothing is started, and what runs is aborted without a word', async () => {
  const { queue, reads, lost } = createQueue({ concurrency: 1 });
  queue.push('/a');
  queue.push('/b');
  queue.stop();
  expect(reads[0]?.signal.aborted).toBe(true);
  reads[0]?.done.reject(new Error('aborted'));
  await reads[0]?.done.promise.catch(() => {});
  expect(reads).toHaveLength(1);
  expect(lost).toEqual([]);
});
