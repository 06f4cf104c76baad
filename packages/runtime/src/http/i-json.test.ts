// The examples are in test/request-validation.test.ts; this looks for what nobody thought of.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseIJson } from './i-json.ts';

const bytesOf = (text: string) => Buffer.from(text, 'utf8');

const storableText = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\u0000') && text !== '__proto__');

const iJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double({ min: -1e15, max: 1e15, noNaN: true }).map((number) => number + 0),
    storableText,
    fc.array(tie('value')),
    fc.dictionary(storableText, tie('value')),
  ),
})).value;

test('every value that JSON can carry exactly arrives as it was', () => {
  fc.assert(
    fc.property(iJson, fc.nat(3), (value, indent) => {
      expect(parseIJson(bytesOf(JSON.stringify(value, null, indent)))).toEqual({
        kind: 'value',
        value: JSON.parse(JSON.stringify(value)),
      });
    }),
  );
});

test('whatever bytes come, the answer is a value or a refusal, never an exception', () => {
  const nearJson = fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0d8f1e+-. tn'.split('')) }).map(bytesOf);
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), nearJson), (bytes) => {
      expect(['value', 'malformed', 'unacceptable']).toContain(parseIJson(bytes).kind);
    }),
  );
});
