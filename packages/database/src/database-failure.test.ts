// Errors that no server makes on demand. Those that one does are in test/prisma-client.int.test.ts.
import { expect, test } from '@jest/globals';

import { databaseFailure } from './database-failure.ts';

test.each([
  [
    'a host with two addresses that both refuse',
    new AggregateError([Object.assign(new Error(), { code: 'ECONNREFUSED' })]),
  ],
  ['a full disk', Object.assign(new Error(), { code: '53100' })],
  ['a server that is starting', Object.assign(new Error(), { code: '57P03' })],
  ['a wrong password', Object.assign(new Error(), { code: '28P01' })],
  ['Prisma, that cannot connect', Object.assign(new Error(), { errorCode: 'P1001' })],
  ['our own wrapping', new Error('saving failed', { cause: new Error('Connection terminated unexpectedly') })],
])('%s is unavailability', (_what, error) => {
  expect(databaseFailure(error)).toBe('unavailable');
});

test.each([
  ['nothing', undefined],
  ['a string', 'ECONNREFUSED'],
  ["Node's own codes", Object.assign(new Error(), { code: 'ERR_INVALID_ARG_TYPE' })],
  ['a constraint of another kind', Object.assign(new Error(), { code: '23514' })],
  [
    'a code that is the name of a property of every object',
    Object.assign(new Error(), { code: 'toString', kind: 'constructor' }),
  ],
])('%s is no failure of the database', (_what, error) => {
  expect(databaseFailure(error)).toBe('other');
});

test('errors that wrap each other in a circle end', () => {
  const [one, two] = [new Error('one'), new Error('two')];
  one.cause = two;
  two.cause = one;
  expect(databaseFailure(one)).toBe('other');
});
