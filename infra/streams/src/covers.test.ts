import { expect, test } from '@jest/globals';
import { filterMatches, parseFilter } from '@longwave/messaging/contract';
import fc from 'fast-check';
import { covers, uncovered } from './covers.ts';

const filters = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', '*'), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([tokens, open]) => (open ? [...tokens, '>'] : tokens).join('.'));

/** The subjects that tell most about a filter: every wildcard is a token that no other filter names. */
function witnesses(filter: string): readonly string[] {
  const tokens = filter.split('.').map((token, index) => (token === '*' ? `x${index}` : token));
  if (tokens.at(-1) !== '>') return [tokens.join('.')];
  const stem = tokens.slice(0, -1);
  return [[...stem, 'y'].join('.'), [...stem, 'y', 'z', 'y', 'z', 'y'].join('.')];
}

test('a filter covers another exactly when it lets through whatever the other does', () => {
  fc.assert(
    fc.property(filters, filters, (outer, inner) => {
      const letsAllThrough = witnesses(inner).every((subject) => filterMatches(parseFilter(outer), subject));
      expect(covers(outer, inner)).toBe(letsAllThrough);
    }),
    { numRuns: 2_000 },
  );
});

test('uncovered names what no filter of a list covers alone', () => {
  expect(uncovered(['a.b', 'a.*', 'c.>', 'd'], ['a.b', 'c.*', 'd'])).toEqual(['a.*', 'c.>']);
});
