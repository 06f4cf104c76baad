// Cursors of the log: they lead back to their place, and nowhere else.
import { expect, test } from '@jest/globals';
import { parseFilter } from '@longwave/messaging/contract';
import { decodeCursor, encodeCursor, type EntryQuery } from './entry-query.ts';

const query: EntryQuery = { subject: parseFilter('a.>'), from: new Date(1), correlationId: 'c', order: 'asc' };

test('a cursor leads back to its place', () => {
  for (const sequence of [1, 100, Number.MAX_SAFE_INTEGER]) {
    expect(decodeCursor(query, encodeCursor(query, sequence))).toBe(sequence);
  }
});

test('a cursor is of no use for another question', () => {
  const cursor = encodeCursor(query, 5);
  const others: EntryQuery[] = [
    { ...query, subject: parseFilter('a.*') },
    { ...query, subject: undefined },
    { ...query, from: new Date(2) },
    { ...query, to: new Date(1), from: undefined },
    { ...query, correlationId: 'd' },
    { ...query, order: 'desc' },
  ];
  for (const other of others) expect(decodeCursor(other, cursor)).toBeUndefined();
});

test('what we never made is no cursor', () => {
  const cursor = encodeCursor(query, 5);
  for (const text of [
    '',
    '5',
    cursor.slice(1),
    `${cursor} `,
    `0${cursor}`,
    `-${cursor}`,
    cursor.replace('5', '9'.repeat(16)),
  ]) {
    expect(decodeCursor(query, text)).toBeUndefined();
  }
});
