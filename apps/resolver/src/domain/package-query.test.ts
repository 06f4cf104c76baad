// Cursors of package lists: they lead back to their place, and nowhere else.
import { expect, test } from '@jest/globals';
import { decodeCursor, encodeCursor } from './package-query.ts';

const query = { namespace: 'default', name: 'engine' };
const place = { name: 'engine', version: '1.0.0-rc.1+build' };

test('a cursor leads back to the place it was made from', () => {
  expect(decodeCursor(query, encodeCursor(query, place))).toEqual(place);
  expect(decodeCursor({ namespace: 'default' }, encodeCursor({ namespace: 'default' }, place))).toEqual(place);
});

test('a cursor is of no use for another question', () => {
  const cursor = encodeCursor(query, place);
  expect(decodeCursor({ ...query, namespace: 'other' }, cursor)).toBeUndefined();
  expect(decodeCursor({ ...query, name: 'codec' }, cursor)).toBeUndefined();
  expect(decodeCursor({ namespace: 'default' }, cursor)).toBeUndefined();
});

test('what we never made is no cursor', () => {
  const cursor = encodeCursor(query, place);
  const foreign = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  for (const text of ['', 'x', ' ', `${cursor}=`, `${cursor}!`, foreign(null), foreign(['default', 'engine'])]) {
    expect(decodeCursor(query, text)).toBeUndefined();
  }
  expect(decodeCursor(query, foreign(['default', 'engine', 'engine', '1.0.0; DROP']))).toBeUndefined();
});
