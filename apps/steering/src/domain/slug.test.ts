// Slugs: every name has one, and it is one that a client could have sent.
import { showInput } from '@longwave/contracts';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { numberedSlugs, slugOf } from './slug.ts';

test.each([
  ['Morning Wave', 'morning-wave'],
  ['Ö1 – Don’t Panic!', 'o1-dont-panic'],
  ['  Größe & Straße ', 'grosse-strasse'],
  ['Æther/Œuvre/Ðorđe', 'aether-oeuvre-dorde'],
  ['C++ & C#', 'c-c'],
  ['Ⅷ ½', 'viii-1-2'],
  ['日本語', 'show'],
  ['!!!', 'show'],
])('%s becomes %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

test('whatever the name, its slug is one that a client could have sent', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 255 }), (name) => {
      expect(showInput.shape.slug.safeParse(slugOf(name)).success).toBe(true);
    }),
  );
});

test('the longest name leaves room for the largest number', () => {
  const [slug] = numberedSlugs(slugOf('a'.repeat(255)), 2_147_483_647, 1);
  expect(showInput.shape.slug.safeParse(slug).success).toBe(true);
});

test('numbers begin with 2, because the bare slug is the first', () => {
  expect(numberedSlugs('news', 2, 3)).toEqual(['news-2', 'news-3', 'news-4']);
});
