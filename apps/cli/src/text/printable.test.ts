// Z4, without a terminal.
import { expect, test } from '@jest/globals';
import { printable, printableLines } from './printable.ts';
import { table } from './table.ts';

test.each([
  ['an escape sequence', '\u001B[2J', '\\u{1b}[2J'],
  ['a C1 control', '\u009B31m', '\\u{9b}31m'],
  ['a line break', 'a\nb', 'a\\u{a}b'],
  ['text that runs backwards', 'a\u202Eb', 'a\\u{202e}b'],
  ['half a surrogate pair', '\uD800', '\\u{d800}'],
])('Z4: %s is shown, not obeyed', (_what, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('Z4: text of every language stays as it is', () => {
  expect(printable('Grüße, привет, 你好 👋')).toBe('Grüße, привет, 你好 👋');
});

test('Z4: lines stay lines, and are harmless each', () => {
  expect(printableLines('a\n\tb\r\n\u0007c')).toBe('a\n  b\n\\u{7}c');
});

test('a table has as many rows as there are', () => {
  const rows = Array.from({ length: 200_000 }, (_, index) => [String(index), 'why']);
  expect(table(['ID', 'WHY'], rows, null).split('\n')).toHaveLength(200_001);
});

test('a table cuts its last column alone, and that not to nothing', () => {
  const rows = [['a-long-identity', 'why it failed, at length']];
  expect(table(['ID', 'WHY'], rows, null)).toBe('ID               WHY\na-long-identity  why it failed, at length');
  expect(table(['ID', 'WHY'], rows, 32)).toBe('ID               WHY\na-long-identity  why it failed,…');
  expect(table(['ID', 'WHY'], rows, 10)).toBe('ID               WHY\na-long-identity  why it fail…');
});
