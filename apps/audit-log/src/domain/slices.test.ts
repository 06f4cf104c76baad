// Where a batch is cut.
import { expect, test } from '@jest/globals';
import { entryOf } from './entry.ts';
import { slicesOf } from './slices.ts';

const sized = (...sizes: readonly number[]) =>
  sizes.map((size, index) =>
    entryOf({
      stream: 'events',
      epoch: 1,
      sequence: index + 1,
      storedAt: new Date(),
      subject: 'a',
      headers: {},
      payload: new Uint8Array(size),
    }),
  );

const cut = (...sizes: readonly number[]) =>
  slicesOf(sized(...sizes), 10).map((slice) => slice.map(({ payload }) => payload.byteLength));

test('slices keep the order and stay below the limit, and what is above it alone goes alone', () => {
  expect(cut()).toEqual([]);
  expect(cut(4, 6)).toEqual([[4, 6]]);
  expect(cut(4, 7, 3, 1)).toEqual([[4], [7, 3], [1]]);
  expect(cut(1, 99, 1, 0)).toEqual([[1], [99], [1, 0]]);
});
