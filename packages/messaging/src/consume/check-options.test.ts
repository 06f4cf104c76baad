// Limits that are none, as they come from a variable of the environment that is not there: nothing starts with them.
import { expect, test } from '@jest/globals';
import { signal } from '../contract/message-type.ts';
import { createMemoryBackend } from '../memory/memory-backend.ts';
import { VirtualTime } from '../memory/virtual-time.ts';
import { startBatchConsumption } from './batch-consumption.ts';
import type { ConsumptionOptions } from './consumption-options.ts';
import { startConsumption } from './consumption.ts';

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const time = new VirtualTime();
const backend = createMemoryBackend({ time });
const handler = async (): Promise<void> => undefined;
const group = { stream: 'events', consumer: 'group', handler, log, time, random: () => 0.5 };
const source = { instance: 'test', replica: 'test-1' };
const retry = { attemptsMax: 3, delayMsMin: 10, delayMsMax: 20 };

test.each<[Partial<ConsumptionOptions>, string]>([
  [{ concurrency: 0 }, 'concurrency is 0; it is a whole number from 1'],
  [{ concurrency: Number.NaN }, 'concurrency is NaN'],
  [{ concurrency: 1.5 }, 'concurrency is 1.5'],
  [{ crashesMax: 0 }, 'crashesMax is 0'],
  [{ retry: { ...retry, attemptsMax: 0 } }, 'retry.attemptsMax is 0'],
  [{ retry: { ...retry, attemptsMax: Number.NaN } }, 'retry.attemptsMax is NaN'],
  [{ retry: { ...retry, delayMsMin: 0 } }, 'retry.delayMsMin is 0; it is 1 ms or more'],
  [{ retry: { ...retry, delayMsMax: Number.NaN } }, 'retry.delayMsMax is NaN; it is delayMsMin (10) or more'],
  [{ retry: { ...retry, delayMsMax: 9 } }, 'retry.delayMsMax is 9'],
])('a group with %j is refused before it starts', (limits, message) => {
  expect(() => startConsumption(backend, { ...group, types: [], source, ...limits, ordered: false })).toThrow(
    expect.objectContaining({ name: 'RangeError', message: expect.stringContaining(message) }),
  );
  expect(time.waiting).toBe(0);
});

test.each([0, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
  'batches of at most %d messages, which would be handed over empty for ever, are refused before anything starts',
  (batchMax) => {
    expect(() => startBatchConsumption(backend, { ...group, batchMax })).toThrow(RangeError);
    expect(time.waiting).toBe(0);
  },
);

test('G5: types that could take the same message are refused: one of them would be read as the other, and settled', () => {
  const made = { version: 1, key: () => 'k', example: { a: 'x' } };
  const Any = signal('Any', { ...made, subject: 'test.{a}.read' });
  const One = signal('One', { ...made, subject: 'test.special.{a}' });
  const options = { ...group, source, ordered: false } as const;
  expect(() => startConsumption(backend, { ...options, types: [Any, One] })).toThrow(
    'Any (test.{a}.read) and One (test.special.{a}) could take the same message',
  );
  expect(time.waiting).toBe(0);
});
