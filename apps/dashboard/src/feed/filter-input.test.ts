import { expect, test } from '@jest/globals';
import { passes, readFilter } from './filter-input.ts';

test('an empty box lets everything pass', () => {
  expect(readFilter('  ')).toEqual({ kind: 'all' });
  expect(passes({ kind: 'all' }, 'a.b')).toBe(true);
});

test('wildcards are those of NATS, and white space around a filter does not matter', () => {
  const input = readFilter(' resource.*.show.> ');
  expect(passes(input, 'resource.steering.show.1.created')).toBe(true);
  expect(passes(input, 'resource.steering.show')).toBe(false);
});

test('a mistake is explained in a sentence and hides nothing', () => {
  const input = readFilter('a..b');
  expect(input).toEqual({
    kind: 'mistake',
    explanation: 'The filter "a..b" has an empty token; tokens are separated by single dots.',
  });
  expect(passes(input, 'x')).toBe(true);
});
