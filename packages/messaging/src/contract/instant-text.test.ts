// That instants are written as `toISOString` writes them.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkProperty } from '../../test/support/check-property.ts';
import { instantText } from './instant-text.ts';

test('any instant is written as toISOString writes it', () => {
  const edges = [
    '0999-12-31T23:59:59.999Z',
    '1000-01-01T00:00:00.000Z',
    '9999-12-31T23:59:59.999Z',
    '+010000-01-01T00:00:00.000Z',
  ];
  for (const edge of edges) expect(instantText(new Date(edge))).toBe(new Date(edge).toISOString());
  checkProperty([fc.date({ noInvalidDate: true })], (instant) => instantText(instant) === instant.toISOString());
  checkProperty(
    [fc.date({ noInvalidDate: true, min: new Date('1990-01-01'), max: new Date('2060-01-01') })],
    (instant) => instantText(instant) === instant.toISOString(),
  );
});

test('an invalid date is refused', () => {
  expect(() => instantText(new Date(Number.NaN))).toThrow(RangeError);
});
