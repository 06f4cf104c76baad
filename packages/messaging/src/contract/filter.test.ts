// Filters against an oracle that knows nothing of tokens: every subject of a small world, matched by a regular expression.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkProperty } from '../../test/support/check-property.ts';
import { filterMatches, filtersOverlap, parseFilter } from './filter.ts';

const literals = ['a', 'b'];
const subjects = [1, 2, 3, 4].flatMap((length) =>
  Array.from({ length: literals.length ** length }, (_, number) =>
    Array.from({ length }, (_unused, place) => literals[(number >> place) & 1] ?? 'a').join('.'),
  ),
);
// Three tokens at most, so that the world has a subject for every pair that overlaps.
const filterText = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', '*'), { maxLength: 2 }), fc.constantFrom('a', 'b', '*', '>'))
  .map(([head, last]) => [...head, last].join('.'));

/** NATS' rules as a regular expression. */
const oracle = (filter: string): RegExp =>
  new RegExp(`^${filter.replaceAll('.', '\\.').replaceAll('*', '[^.]+').replace('>', '.+')}$`);
const accepted = (filter: string): string[] => subjects.filter((subject) => oracle(filter).test(subject));

describe('a subject filter', () => {
  test('lets through what NATS lets through', () => {
    checkProperty([filterText], (text) => {
      const filter = parseFilter(text);
      expect(subjects.filter((subject) => filterMatches(filter, subject))).toEqual(accepted(text));
    });
  });

  test('overlaps another exactly when some subject passes both', () => {
    checkProperty([filterText, filterText], (left, right) => {
      const both = accepted(left).some((subject) => oracle(right).test(subject));
      expect(filtersOverlap(parseFilter(left), parseFilter(right))).toBe(both);
      expect(filtersOverlap(parseFilter(right), parseFilter(left))).toBe(both);
    });
  });

  test.each([
    ['', 'illegal-filter'],
    ['.', 'illegal-filter'],
    ['a.', 'illegal-filter'],
    ['.a', 'illegal-filter'],
    ['a..b', 'illegal-filter'],
    ['>.a', 'illegal-filter'],
    ['a.>.b', 'illegal-filter'],
    ['a.b*', 'illegal-filter'],
    ['a.**', 'illegal-filter'],
    ['a.b>', 'illegal-filter'],
    ['a b', 'illegal-filter'],
    ['a\tb', 'illegal-filter'],
    ['a\r\nb', 'illegal-filter'],
    ['a\u0000', 'illegal-filter'],
    ['é', 'illegal-filter'],
    ['x'.repeat(256), 'subject-too-long'],
  ])('%j is refused with the code %s', (text, code) => {
    expect(() => parseFilter(text)).toThrow(expect.objectContaining({ code }));
  });

  test.each(['>', '*', 'a', 'a.*.>', 'resource.steering.show.1%2E0.created', '$JS.EVENT.>', 'x'.repeat(255)])(
    '%j is a filter',
    (text) => expect(parseFilter(text).text).toBe(text),
  );
});
