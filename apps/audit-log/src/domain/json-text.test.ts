// Which payloads are shown as JSON, and that they are shown unchanged.
import { expect, test } from '@jest/globals';
import { jsonTextOf } from './json-text.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('one JSON text in UTF-8 is shown as it is, to the last digit and space', () => {
  for (const text of [
    '{"n":9007199254740993}',
    ' [1.0, 1e400] ',
    '{"a":1,"a":2}',
    '"\\ud800\\u0000"',
    'null',
    '-0',
    '"👋"',
  ]) {
    expect(jsonTextOf(bytes(text))).toBe(text);
  }
});

test('everything else is not JSON to us', () => {
  const odd = ['', ' ', '{', '{}{}', "{'a':1}", 'NaN', '\uFEFF{}', '[1,]', '01'];
  for (const text of odd) expect(jsonTextOf(bytes(text))).toBeUndefined();
  expect(jsonTextOf(new Uint8Array([0x22, 0xff, 0x22]))).toBeUndefined();
  expect(jsonTextOf(new Uint8Array([0x00]))).toBeUndefined();
});

test('a text too deep for the parsers of others is not shown as JSON; brackets in strings do not count', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  expect(jsonTextOf(bytes(nested(100)))).toBe(nested(100));
  expect(jsonTextOf(bytes(nested(101)))).toBeUndefined();
  expect(jsonTextOf(bytes(nested(200_000)))).toBeUndefined();
  const quoted = JSON.stringify({ text: `\\"${nested(200)}` });
  expect(jsonTextOf(bytes(quoted))).toBe(quoted);
});
