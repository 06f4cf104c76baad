// Who reads an error of a start: a person, when it can act on it.
import { expect, test } from '@jest/globals';
import { StreamsError } from '@longwave/streams';
import { explainDatabaseFailure, explainFailure } from './explain-failure.ts';

test('what ends with what to do is a sentence', () => {
  const error = new StreamsError('server-unreachable', 'Nobody is there. Start it.');
  expect(explainFailure(error)).toMatchObject({ name: 'StartError', message: error.message, cause: error });
});

test('a role that may not create databases is told', () => {
  const error = Object.assign(new Error('permission denied to create database'), { code: '42501' });
  expect(explainDatabaseFailure(error)).toMatchObject({
    name: 'StartError',
    message: expect.stringContaining('permission denied to create database'),
  });
});

test('a fault of ours keeps its stack', () => {
  const error = new TypeError('x is not a function');
  expect(explainFailure(error)).toBe(error);
  expect(explainDatabaseFailure(error)).toBe(error);
});
