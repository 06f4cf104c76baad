import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { filterMatches, parseFilter } from '@longwave/messaging/contract';
import { checkFilter, matches } from './filter.ts';

const token = fc.constantFrom('a', 'b', '*', '>', 'a b', '', 'ä', 'a*', '$JS', '\0');
const text = fc.array(token, { minLength: 1, maxLength: 5 }).map((tokens) => tokens.join('.'));

function isAccepted(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

test('a filter is legal here exactly if it is in the contract kit', () => {
  fc.assert(
    fc.property(text, (filter) => {
      expect(isAccepted(() => checkFilter(filter))).toBe(isAccepted(() => parseFilter(filter)));
    }),
  );
});

test('a filter lets the same subjects through as in the contract kit', () => {
  const subject = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 5 }).map((all) => all.join('.'));
  const filter = fc
    .tuple(fc.array(fc.constantFrom('a', 'b', '*'), { minLength: 1, maxLength: 4 }), fc.constantFrom('', '.>'))
    .map(([tokens, end]) => tokens.join('.') + end);
  fc.assert(
    fc.property(filter, subject, (wanted, heard) => {
      expect(matches(wanted, heard)).toBe(filterMatches(parseFilter(wanted), heard));
    }),
  );
});
