// What PUT and PATCH make of a show, and what counts as a change.
import { showInput, showPatch, type ShowPatch } from '@longwave/contracts';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSameShow, patchShow, replaceShow, type ShowContent } from './show.ts';

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const anyContent: fc.Arbitrary<ShowContent> = fc.record({
  name: word,
  slug: word,
  shortDescription: fc.string(),
  description: fc.string(),
  internalNote: fc.string(),
  languages: fc.array(fc.constantFrom('de', 'en', 'hr'), { maxLength: 3 }),
  links: fc.array(fc.record({ type: word, url: fc.constantFrom('https://a.example', 'https://b.example') }), {
    maxLength: 2,
  }),
  isActive: fc.boolean(),
  isPublic: fc.boolean(),
  predecessorId: fc.option(fc.nat()),
});

/** Any subset of the members, each with any value: a patch that the schema accepts. */
const anyPatch: fc.Arbitrary<ShowPatch> = fc
  .tuple(anyContent, fc.uniqueArray(fc.constantFrom(...Object.keys(showPatch.shape))))
  .map(([content, names]) => Object.fromEntries(Object.entries(content).filter(([name]) => names.includes(name))));

/** RFC 7396, section 2, for a patch whose members are no objects; a null is a value of predecessorId and nothing else. */
function mergePatch(target: object, patch: object): object {
  return { ...target, ...patch };
}

test('a patch does what RFC 7396 says', () => {
  fc.assert(
    fc.property(anyContent, anyPatch, (content, patch) => {
      expect(patchShow(content, patch)).toEqual(mergePatch(content, patch));
    }),
  );
});

test('the same patch twice is the patch once, and an empty one is none', () => {
  fc.assert(
    fc.property(anyContent, anyPatch, (content, patch) => {
      const once = patchShow(content, patch);
      expect(isSameShow(patchShow(once, patch), once)).toBe(true);
      expect(isSameShow(patchShow(content, {}), content)).toBe(true);
    }),
  );
});

test('replacing a show by what it is changes nothing, with its slug or without', () => {
  fc.assert(
    fc.property(anyContent, (content) => {
      const { slug: _, ...withoutSlug } = content;
      for (const input of [content, withoutSlug]) {
        expect(
          isSameShow(
            replaceShow(content, { ...input, languages: [...input.languages], links: [...input.links] }),
            content,
          ),
        ).toBe(true);
      }
    }),
  );
});

test('what a replacement leaves out gets its default, not what was there', () => {
  const before = { ...replaceShow(empty, showInput.parse({ name: 'Before', description: 'long' })), slug: 'before' };
  expect(replaceShow(before, showInput.parse({ name: 'After' }))).toEqual({ ...empty, name: 'After', slug: 'before' });
});

test('any difference in what a client decides is a change', () => {
  fc.assert(
    fc.property(anyContent, anyContent, (left, right) => {
      expect(isSameShow(left, right)).toBe(JSON.stringify(left) === JSON.stringify(right));
    }),
  );
});

const empty: ShowContent = {
  name: '',
  slug: '',
  shortDescription: '',
  description: '',
  internalNote: '',
  languages: [],
  links: [],
  isActive: true,
  isPublic: true,
  predecessorId: null,
};
