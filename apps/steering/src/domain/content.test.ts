// Replacing, patching and comparing the content of any resource.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSameContent, patchContent, pick, replaceContent } from './content.ts';

const content = fc.dictionary(fc.constantFrom('name', 'slug', 'links', 'mediaId'), fc.jsonValue(), {
  noNullPrototype: true,
});

test('a patch with what is there already is no change, whatever the order of its members', () => {
  fc.assert(
    fc.property(content, fc.array(fc.constantFrom('name', 'slug', 'links', 'mediaId')), (current, names) => {
      const known = names.filter((name) => name in current);
      expect(isSameContent(current, patchContent(current, pick(current, known.toReversed())))).toBe(true);
    }),
  );
});

test('a patch says everything about what it names and nothing about the rest', () => {
  fc.assert(
    fc.property(content, content, (current, patch) => {
      const patched = patchContent(current, patch);
      for (const [name, value] of Object.entries(patched)) {
        expect(value).toBe(name in patch ? patch[name] : current[name]);
      }
    }),
  );
});

test('null is a value, not an absence', () => {
  expect(patchContent({ mediaId: 7, title: 'x' }, { mediaId: null })).toEqual({ mediaId: null, title: 'x' });
});

test('a replacement keeps what nobody names and what has no default', () => {
  expect(replaceContent({ name: 'a', slug: 'kept' }, { name: 'b' })).toEqual({ name: 'b', slug: 'kept' });
});

test('contents that differ anywhere inside are different', () => {
  const links = [{ type: 'a', url: 'https://a.example' }];
  expect(isSameContent({ links }, { links: [{ url: 'https://a.example', type: 'a' }] })).toBe(true);
  expect(isSameContent({ links }, { links: [...links, ...links] })).toBe(false);
});
