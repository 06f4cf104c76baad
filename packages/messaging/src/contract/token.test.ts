// T1 and T2: what a token of a subject is, and that encoding is a bijection.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkProperty } from '../../test/support/check-property.ts';
import { decodeToken, encodeToken, isToken } from './token.ts';

const wellFormed = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });

describe('a token of a subject', () => {
  test('T1: every well-formed text has a token that gives it back', () => {
    checkProperty([wellFormed], (id) => decodeToken(encodeToken(id)) === id);
  });

  test('T1: two texts never share a token', () => {
    checkProperty([wellFormed, wellFormed], (a, b) => (encodeToken(a) === encodeToken(b)) === (a === b));
  });

  test('T1: of every byte nothing but letters, digits, underscore, hyphen and the percent sign is left', () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
    for (const character of bytes) expect(encodeToken(character)).toMatch(/^[A-Za-z0-9_%-]+$/);
    expect(encodeToken('1.0.0')).toBe('1%2E0%2E0');
    expect(encodeToken('* >\r\n\u0000%')).toBe('%2A%20%3E%0D%0A%00%25');
    expect(encodeToken('é👋')).toBe('%C3%A9%F0%9F%91%8B');
  });

  test('T2: what decodes is exactly what encoding makes', () => {
    const alphabet = fc.constantFrom(
      'a',
      'Z',
      '0',
      '9',
      '_',
      '-',
      '%',
      '2',
      'E',
      'e',
      'F',
      'f',
      '4',
      'C',
      '.',
      '*',
      ' ',
    );
    checkProperty([fc.string({ unit: alphabet, maxLength: 9 })], (token) => {
      const made = isToken(token) ? encodeToken(decodeToken(token)) : token;
      expect(made).toBe(token);
    });
  });

  test.each([
    '',
    '%',
    '%2',
    '%2e',
    '%41',
    '%2D',
    '%FF',
    '%C3',
    '%C3%41',
    '%ED%A0%80',
    '%C0%80',
    'a.b',
    'a b',
    '*',
    '>',
    'é',
  ])('T2: %j is no token', (token) => {
    expect(isToken(token)).toBe(false);
    expect(() => decodeToken(token)).toThrow(expect.objectContaining({ code: 'illegal-token' }));
  });

  test('T1: a lone surrogate and an empty id have none', () => {
    for (const id of ['\uD800', 'a\uDC00', '\uDC00\uD800'])
      expect(() => encodeToken(id)).toThrow(expect.objectContaining({ code: 'ill-formed-text' }));
    expect(() => encodeToken('')).toThrow(expect.objectContaining({ code: 'empty-token' }));
  });
});
