// Names inside database URLs survive whatever they consist of.
import { expect, test } from '@jest/globals';

import { databaseName, withDatabaseName } from './database-url.ts';

test('another database keeps credentials, port and options', () => {
  const url = withDatabaseName('postgres://me:p%40ss@db:5433/one?sslmode=require', 'two');
  expect(url).toBe('postgres://me:p%40ss@db:5433/two?sslmode=require');
});

test.each(['audit_log', 'with space', 'ünïcode', 'a/b?c#d', '100%'])('the name %s comes back', (name) => {
  expect(databaseName(withDatabaseName('postgres://db/x', name))).toBe(name);
});

test('a URL without a database is refused in a sentence that helps', () => {
  expect(() => databaseName('postgres://db:5432')).toThrow('write postgres://host:port/name');
});
