import { showInput } from '@longwave/contracts';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { freeSlug, slugOf } from './slug.ts';

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

test('the longest name leaves room for the number', () => {
  const base = slugOf('a'.repeat(255));
  expect(showInput.shape.slug.safeParse(freeSlug(base, new Set([base]))).success).toBe(true);
});

test('the number is the smallest that is free', () => {
  expect(freeSlug('news', new Set())).toBe('news');
  expect(freeSlug('news', new Set(['news', 'news-3', 'news-extra']))).toBe('news-2');
  expect(freeSlug('news', new Set(['news', 'news-2', 'news-3']))).toBe('news-4');
});

test('a slug that was given out is never given out again', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('news', 'news-2', 'noon'), { maxLength: 30 }), (bases) => {
      const taken = new Set<string>();
      for (const base of bases) {
        const slug = freeSlug(base, taken);
        expect(taken.has(slug)).toBe(false);
        taken.add(slug);
      }
    }),
  );
});
