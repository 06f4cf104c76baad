import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { CatchUp } from './catch-up.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function createCatchUp(isThere: (messageId: string, look: number) => boolean): {
  readonly catchUp: CatchUp;
  readonly looks: string[];
} {
  const looks: string[] = [];
  const look = async (messageId: string): Promise<boolean> => {
    looks.push(messageId);
    return isThere(messageId, looks.length);
  };
  return { catchUp: new CatchUp({ look, waitMs: 100, looksMax: 3 }), looks };
}

test('C1 a burst of messages is one look, for the newest', async () => {
  const { catchUp, looks } = createCatchUp(() => true);
  for (let index = 0; index < 50; index += 1) catchUp.expect(String(index));
  await jest.advanceTimersByTimeAsync(10_000);
  expect(looks).toEqual(['49']);
});

test('an entry that is late is looked for again', async () => {
  const { catchUp, looks } = createCatchUp((_, look) => look === 2);
  catchUp.expect('a');
  await jest.advanceTimersByTimeAsync(10_000);
  expect(looks).toEqual(['a', 'a']);
});

test('C2 an entry that never comes costs a few looks', async () => {
  const { catchUp, looks } = createCatchUp(() => false);
  catchUp.expect('a');
  await jest.advanceTimersByTimeAsync(60_000);
  expect(looks).toHaveLength(3);
  expect(jest.getTimerCount()).toBe(0);
});

test('a message that comes during a look is looked for after it', async () => {
  const { catchUp, looks } = createCatchUp((messageId) => {
    if (messageId === 'a') catchUp.expect('b');
    return true;
  });
  catchUp.expect('a');
  await jest.advanceTimersByTimeAsync(10_000);
  expect(looks).toEqual(['a', 'b']);
});

test('C3 after stop nothing is looked at', async () => {
  const { catchUp, looks } = createCatchUp(() => true);
  catchUp.expect('a');
  catchUp.stop();
  catchUp.expect('b');
  await jest.advanceTimersByTimeAsync(10_000);
  expect(looks).toEqual([]);
});
