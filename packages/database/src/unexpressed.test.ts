// How schema.prisma says what only the migrations make.
import { expect, test } from '@jest/globals';

import { readUnexpressed } from './unexpressed.ts';

const read = (schema: string) => [...readUnexpressed(schema)];

test('objects are separated by commas, except those between parameters', () => {
  expect(read('// only in the migrations: table outbox, function note(integer,text), trigger a.b')).toEqual([
    'table outbox',
    'function note(integer,text)',
    'trigger a.b',
  ]);
});

test('declarations stand in comments of any depth, on as many lines as one likes', () => {
  const schema =
    'model A {\n  id Int @id\n  /// Only in the migrations: index a\n}\r\n//only in the migrations: index b \r\n';
  expect(read(schema)).toEqual(['index a', 'index b']);
});

test('text that is no comment, or another comment, declares nothing', () => {
  expect(read('only in the migrations: index a\n// in the migrations: index b')).toEqual([]);
});
