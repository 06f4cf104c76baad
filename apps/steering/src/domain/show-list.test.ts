// The positions of the list of shows, in all its orders.
import { expect, test } from '@jest/globals';
import { encodeCursor, InvalidCursorError } from './cursor.ts';
import { readShowCursor, showCursor, showOrders } from './show-list.ts';
import type { ShowRecord } from './show.ts';

const show: ShowRecord = {
  id: 7,
  revision: 3,
  name: 'Über den Wellen',
  slug: 'uber-den-wellen',
  shortDescription: '',
  description: '',
  internalNote: '',
  languages: [],
  links: [],
  isActive: true,
  isPublic: true,
  predecessorId: null,
  createdAt: new Date('2026-11-21T12:00:00.000Z'),
  updatedAt: new Date('2026-11-21T13:00:00.000Z'),
};

test('a cursor points at what the list is ordered by', () => {
  expect(readShowCursor('-id', {}, showCursor('-id', {}, show))).toEqual({ by: 'id', id: 7 });
  expect(readShowCursor('name', {}, showCursor('name', {}, show))).toEqual({
    by: 'name',
    foldedName: 'uber den wellen',
    id: 7,
  });
  expect(readShowCursor('updatedAt', {}, showCursor('updatedAt', {}, show))).toEqual({
    by: 'updatedAt',
    updatedAt: show.updatedAt,
    id: 7,
  });
});

test('a cursor of one order is none of another', () => {
  for (const made of showOrders) {
    for (const used of showOrders.filter((order) => order !== made)) {
      expect(() => readShowCursor(used, {}, showCursor(made, {}, show))).toThrow(InvalidCursorError);
    }
  }
});

test('a cursor with one filter is none with another', () => {
  const filters = [
    {},
    { isActive: true },
    { isActive: false },
    { isPublic: true },
    { slug: 'a' },
    { ids: [1] },
    { nameContains: 'a' },
  ];
  for (const made of filters) {
    for (const used of filters.filter((other) => other !== made)) {
      expect(() => readShowCursor('id', used, showCursor('id', made, show))).toThrow(InvalidCursorError);
    }
  }
});

test('a position that Postgres would refuse is refused here, even under the right checksum', () => {
  const scope = (order: string): unknown => ['shows', order, null, null, null, null, null];
  const forged = [
    ['id', [2_147_483_648]],
    ['id', [-1]],
    ['id', ['1']],
    ['name', ['a\u0000', 1]],
    ['name', ['\uD800', 1]],
    ['updatedAt', [Number.MAX_SAFE_INTEGER, 1]],
    ['updatedAt', [-1, 1]],
  ] as const;
  for (const [order, position] of forged) {
    expect(() => readShowCursor(order, {}, encodeCursor(scope(order), position))).toThrow(InvalidCursorError);
  }
});
