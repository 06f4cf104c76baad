// Filters as ranges and patterns. That a database then finds exactly what a filter lets through is proven in
// test/subject-filter.int.test.ts.
import { expect, test } from '@jest/globals';
import { parseFilter } from '@longwave/messaging/contract';
import { subjectRange } from './subject-range.ts';

test.each([
  ['>', { kind: 'everything' }],
  ['a.b', { kind: 'one', subject: 'a.b' }],
  ['a.b.>', { kind: 'range', atLeast: 'a.b.', below: 'a.b/', pattern: null }],
  ['a.*', { kind: 'range', atLeast: 'a.', below: 'a/', pattern: '^a\\.[^.]*$' }],
  ['a.*.c.>', { kind: 'range', atLeast: 'a.', below: 'a/', pattern: '^a\\.[^.]*\\.c\\.' }],
  ['*', { kind: 'range', atLeast: null, below: null, pattern: '^[^.]*$' }],
  ['*.>', { kind: 'range', atLeast: null, below: null, pattern: '^[^.]*\\.' }],
  ['*.a+$(b', { kind: 'range', atLeast: null, below: null, pattern: '^[^.]*\\.a\\+\\$\\(b$' }],
])('%s', (filter, range) => {
  expect(subjectRange(parseFilter(filter))).toEqual(range);
});
