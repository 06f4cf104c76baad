import { expect, test } from '@jest/globals';
import { createRepeatableKey } from './repeatable-key.ts';

test('the same body has the same key, another body another', () => {
  let count = 0;
  const keyFor = createRepeatableKey<{ readonly name: string }>(() => `key ${(count += 1)}`);
  expect(keyFor({ name: 'a' })).toBe('key 1');
  expect(keyFor({ name: 'a' })).toBe('key 1');
  expect(keyFor({ name: 'b' })).toBe('key 2');
  expect(keyFor({ name: 'a' })).toBe('key 3');
});
