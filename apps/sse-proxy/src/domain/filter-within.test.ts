// A permission that is too wide lets people hear what they must not: the rule is compared with what filters really
// match.
import { describe, expect, test } from '@jest/globals';
import { filterMatches, parseFilter } from '@longwave/messaging/contract';
import fc from 'fast-check';
import { filterWithin } from './filter-within.ts';

const token = fc.constantFrom('a', 'b');
const subject = fc.array(token, { minLength: 1, maxLength: 5 }).map((tokens) => tokens.join('.'));
const filter = fc
  .tuple(fc.array(fc.oneof(token, fc.constant('*')), { maxLength: 4 }), fc.boolean())
  .filter(([tokens, isOpen]) => isOpen || tokens.length > 0)
  .map(([tokens, isOpen]) => parseFilter([...tokens, ...(isOpen ? ['>'] : [])].join('.')));

describe('a filter within another', () => {
  test('lets through nothing that the other does not', () => {
    fc.assert(
      fc.property(filter, filter, subject, (inner, outer, text) => {
        const isThrough = filterWithin(inner, outer) && filterMatches(inner, text);
        expect(!isThrough || filterMatches(outer, text)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is recognised: else there is a subject that only the inner one lets through', () => {
    const subjects = (length: number): string[][] =>
      length === 0 ? [[]] : subjects(length - 1).flatMap((rest) => ['a', 'b', 'c'].map((next) => [...rest, next]));
    const all = [1, 2, 3, 4, 5, 6].flatMap((length) => subjects(length).map((tokens) => tokens.join('.')));
    fc.assert(
      fc.property(filter, filter, (inner, outer) => {
        const witness = all.find((text) => filterMatches(inner, text) && !filterMatches(outer, text));
        expect(filterWithin(inner, outer)).toBe(witness === undefined);
      }),
    );
  });

  test.each([
    ['resource.>', 'resource.>', true],
    ['resource.steering.show.*.created', 'resource.>', true],
    ['>', 'resource.>', false],
    ['*.>', 'resource.>', false],
    ['resource', 'resource.>', false],
    ['resource.>', 'resource.*', false],
    ['resource.*', 'resource.>', true],
    ['*.a', '*.*', true],
    ['a.*', 'a.b', false],
  ])('%s within %s: %s', (inner, outer, expected) => {
    expect(filterWithin(parseFilter(inner), parseFilter(outer))).toBe(expected);
  });
});
