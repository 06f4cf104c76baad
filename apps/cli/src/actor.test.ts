import { expect, test } from '@jest/globals';
import { actorOf } from './actor.ts';

const nameless = (): never => {
  throw new Error('ENOENT');
};

test('Z6: whoever has no name, as in a container, is called by a number and can do everything', () => {
  expect(actorOf(() => 'ada', 1_000)).toBe('user:ada');
  expect(actorOf(nameless, 12_345)).toBe('user:12345');
  expect(actorOf(nameless, undefined)).toBe('user:unknown');
});
