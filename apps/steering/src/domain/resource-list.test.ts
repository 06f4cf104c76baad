// The positions of lists, in all their orders.
import { expect, test } from '@jest/globals';
import { encodeCursor, InvalidCursorError } from './cursor.ts';
import { listCursor, listOrder, orderNames, readListCursor, type ListPosition } from './resource-list.ts';

const shows = {
  orders: { name: { column: 'foldedName', kind: 'text' }, updatedAt: { column: 'updatedAt', kind: 'time' } },
} as const;
const names = orderNames(shows);

const scope = (order: string, filters: object = {}) => ({ collection: 'shows', order, filters });

/** A position as a list in this order makes it. */
function positionIn(order: string): ListPosition {
  const { by } = listOrder(shows, order);
  if (by === undefined) return { id: 7 };
  return { id: 7, value: by.kind === 'text' ? 'uber den wellen' : new Date('2026-11-21T13:00:00.000Z') };
}

const cursorOf = (order: string, filters?: object): string =>
  listCursor(scope(order, filters), listOrder(shows, order), positionIn(order));

test('every order has a name for each direction, and the id comes first', () => {
  expect(names).toEqual(['id', '-id', 'name', '-name', 'updatedAt', '-updatedAt']);
  expect(listOrder(shows, '-name')).toEqual({ name: '-name', by: shows.orders.name, direction: 'desc' });
});

test.each(names)('a cursor by %s points at what the list is ordered by', (order) => {
  expect(readListCursor(scope(order), listOrder(shows, order), cursorOf(order))).toEqual(positionIn(order));
});

test('a cursor of one order, collection or filter is none of another', () => {
  for (const made of names) {
    for (const used of names.filter((order) => order !== made)) {
      expect(() => readListCursor(scope(used), listOrder(shows, used), cursorOf(made))).toThrow(InvalidCursorError);
    }
  }
  const order = listOrder(shows, 'id');
  expect(() => readListCursor(scope('id', { isActive: true }), order, cursorOf('id'))).toThrow(InvalidCursorError);
  const elsewhere = { collection: 'media', order: 'id', filters: {} };
  expect(() => readListCursor(elsewhere, order, cursorOf('id'))).toThrow(InvalidCursorError);
});

test.each([
  ['id', [0]],
  ['id', [2 ** 31]],
  ['id', ['7']],
  ['id', [7, 7]],
  ['name', ['Not Folded', 7]],
  ['name', ['\u0000', 7]],
  ['name', ['\ud800', 7]],
  ['updatedAt', [-1, 7]],
  ['updatedAt', [1e18, 7]],
  ['updatedAt', [Number.NaN, 7]],
])('C2: a position by %s that no list makes is refused, whatever its checksum: %j', (order, position) => {
  const made = encodeCursor(scope(order), position);
  expect(() => readListCursor(scope(order), listOrder(shows, order), made)).toThrow(InvalidCursorError);
});
