import { expect, test } from '@jest/globals';
import { jsonTokens } from './json-tokens.ts';

test('the tokens put together are the text, whatever is in it', () => {
  const values = [
    null,
    true,
    -1.5e-7,
    'a "quoted" \\ text: {"x": 1}',
    [],
    {},
    { a: [1, 'two', { three: null }], 'key: "odd"': '\u2028 ünïcode 👋', t: false, 'n-f': -0.5 },
  ];
  for (const value of values) {
    const text = jsonTokens(value)
      .map((token) => token.text)
      .join('');
    expect(text).toBe(JSON.stringify(value, null, 2));
  }
});

test('keys are told from strings', () => {
  const kinds = jsonTokens({ a: 'b' }).filter(({ kind }) => kind !== 'punctuation');
  expect(kinds).toEqual([
    { kind: 'key', text: '"a"' },
    { kind: 'string', text: '"b"' },
  ]);
});

test('numbers and words are told', () => {
  const kinds = jsonTokens([1, true, null]).filter(({ kind }) => kind !== 'punctuation');
  expect(kinds.map(({ kind }) => kind)).toEqual(['number', 'word', 'word']);
});
