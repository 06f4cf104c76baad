// Which texts are kept as they are, and how the others are changed.
import { expect, test } from '@jest/globals';
import { isKeepable, keepableText } from './keepable-text.ts';

test('text that can be kept is kept as it is', () => {
  for (const text of ['', 'a', 'Grüße 👋', 'x'.repeat(512), '\u0001\n']) {
    expect(keepableText(text)).toBe(text);
    expect(isKeepable(text)).toBe(true);
  }
});

test('what had to be changed is visible', () => {
  expect(keepableText('a\u0000b')).toBe('a␀b');
  expect(keepableText('a\uD800b')).toBe('a�b');
  expect(keepableText('x'.repeat(513))).toBe(`${'x'.repeat(511)}…`);
  // Cutting must not leave half a character behind.
  expect(keepableText(`${'x'.repeat(510)}👋👋`)).toBe(`${'x'.repeat(510)}�…`);
  for (const text of ['\u0000', '\uDC00', 'x'.repeat(513)]) expect(isKeepable(text)).toBe(false);
});
