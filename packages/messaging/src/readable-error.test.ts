// G11, for those who log and count what a handler has thrown.
import { expect, test } from '@jest/globals';
import { errorTypeOf } from './observe/error-type.ts';
import { readableError } from './readable-error.ts';

const fail = (): never => {
  throw new Error('nobody may look');
};

test.each([
  ['without a class', Object.assign(new Error('x'), { constructor: undefined })],
  ['whose class has no name', Object.assign(new Error('x'), { constructor: { name: 7 } })],
  ['whose class nobody may look at', Object.defineProperty(new Error('x'), 'constructor', { get: fail })],
])('G11: an error %s can be logged and counted', (_what, thrown) => {
  expect(errorTypeOf(readableError(thrown))).toBe('Error');
});

test('G11: an error that is one stays as it is', () => {
  const thrown = new RangeError('x');
  expect(readableError(thrown)).toBe(thrown);
});
