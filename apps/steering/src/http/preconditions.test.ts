// If-Match and If-None-Match as RFC 9110 has them.
import { describe, expect, test } from '@jest/globals';
import { checkPreconditions, ifMatchHeader } from './preconditions.ts';

const third = { revision: 3 };

function check(header: 'if-match' | 'if-none-match', text: string, current: { readonly revision: number } | undefined) {
  return () => checkPreconditions({ [header]: ifMatchHeader.parse(text) }, current);
}

describe('If-Match', () => {
  test.each(['"3"', '*', '"1", "3"', '"1","3"'])('%s lets a change of the third version pass', (text) => {
    expect(check('if-match', text, third)).not.toThrow();
  });
  test.each(['"2"', '"1", "2"', 'W/"3"', '"33"'])('%s refuses it', (text) => {
    expect(check('if-match', text, third)).toThrow(expect.objectContaining({ status: 412 }));
  });
  test('refuses what is not there', () => {
    expect(check('if-match', '*', undefined)).toThrow(expect.objectContaining({ status: 412 }));
  });
});

describe('If-None-Match', () => {
  test.each(['*', '"3"', 'W/"3"'])('%s refuses a change of the third version', (text) => {
    expect(check('if-none-match', text, third)).toThrow(expect.objectContaining({ status: 412 }));
  });
  test('passes for another version, and for what is not there', () => {
    expect(check('if-none-match', '"2"', third)).not.toThrow();
    expect(check('if-none-match', '*', undefined)).not.toThrow();
  });
});

test.each(['3', '"3', '""3', '*, "3"', '"3",', ' ', '"\n"', `${'"a",'.repeat(2_000)}"b"`])(
  'a header that is no list of entity tags is refused: %j',
  (text) => {
    expect(ifMatchHeader.safeParse(text).success).toBe(false);
  },
);

test('nothing is asked, nothing is refused', () => {
  expect(() => checkPreconditions({}, undefined)).not.toThrow();
});
