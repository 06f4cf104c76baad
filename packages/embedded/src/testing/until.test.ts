// What waiting gives, and how it ends when nothing comes.
import { expect, test } from '@jest/globals';
import { until } from './until.ts';

test('gives the first value that is neither undefined nor false, also 0, null or an empty text', async () => {
  for (const value of [0, null, '', 'found']) {
    const answers = [undefined, false, value, 'too late'] as const;
    let asked = 0;
    expect(await until('it is found', async () => answers[asked++])).toBe(value);
    expect(asked).toBe(3);
  }
});

test('gives up at the deadline, and says what it has waited for', async () => {
  await expect(until('pigs fly', () => false, 30)).rejects.toThrow('not within 30 ms: pigs fly');
});

test('passes on what the condition throws, at once', async () => {
  let asked = 0;
  const broken = (): boolean => {
    asked += 1;
    throw new Error('it is broken');
  };
  await expect(until('it is well', broken)).rejects.toThrow('it is broken');
  expect(asked).toBe(1);
});

test('a condition that hangs is given up, too', async () => {
  await expect(until('an answer', () => new Promise<boolean>(() => undefined), 50)).rejects.toThrow(
    'not within 50 ms: an answer',
  );
});
