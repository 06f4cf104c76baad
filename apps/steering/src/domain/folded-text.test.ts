// Folding: what people take for the same text is the same, and nothing grows beyond what an index takes.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { foldText } from './folded-text.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 300 });

test.each([
  ['Ærø Straße', 'aero strasse'],
  ['ÖSTERREICH 1', 'osterreich 1'],
  ['Łódź', 'lodz'],
  ['İstanbul ısı', 'istanbul isi'],
  ['ﬁve ½', 'five 1⁄2'],
  ['ΟΔΟΣ', 'οδοσ'],
  ['हिन्दी', 'हिन्दी'],
])('%s is compared as %s', (text, folded) => {
  expect(foldText(text)).toBe(folded);
});

test('what one is found by, the other is found by: case and accents do not count', () => {
  fc.assert(fc.property(fc.constantFrom('Über', 'über', 'UBER', 'U\u0308ber'), (text) => foldText(text) === 'uber'));
});

test('folding twice is folding once, and the result fits into an index', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const folded = foldText(text);
      expect(foldText(folded)).toBe(folded);
      expect(folded.isWellFormed()).toBe(true);
      expect(Buffer.byteLength(folded)).toBeLessThan(1_000);
    }),
  );
});

test('a character that unfolds to eighteen does not make the text too long', () => {
  expect(foldText('\uFDFA'.repeat(255)).length).toBeLessThanOrEqual(255);
});
