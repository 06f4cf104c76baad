import type { AuditEntry } from '@longwave/contracts';
import { expect, test } from '@jest/globals';
import { newestEntriesPath, withNewer, withOlder, type AuditPage } from './audit-page.ts';

const entry = (sequence: number): AuditEntry => ({
  sequence,
  id: String(sequence),
  subject: 'a.b',
  type: null,
  source: null,
  actor: null,
  correlationId: 'c',
  causationId: null,
  createdAt: null,
  receivedAt: '2026-11-21T12:00:00.000Z',
  recordedAt: '2026-11-21T12:00:00.000Z',
  stream: 'resource',
  streamSequence: sequence,
});
const page = (from: number, to: number, next: string | null = '/older'): AuditPage => ({
  items: Array.from({ length: from - to + 1 }, (_, index) => entry(from - index)),
  next,
});
const sequences = ({ items }: AuditPage): readonly number[] => items.map(({ sequence }) => sequence);

test('a newer page that joins is put in front of what is known', () => {
  const known = withNewer(page(9, 3, '/from-3'), page(12, 8, '/from-8'));
  expect(sequences(known)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
  expect(known.next).toBe('/from-3');
});

test('a newer page that does not join replaces what is known: no hole is shown as whole', () => {
  expect(withNewer(page(9, 3), page(99, 90))).toEqual(page(99, 90));
});

test('nothing new changes nothing', () => {
  expect(withNewer(page(9, 3, '/from-3'), page(9, 5, '/from-5'))).toEqual(page(9, 3, '/from-3'));
});

test('the first page is what is known', () => {
  expect(withNewer(undefined, page(9, 3))).toEqual(page(9, 3));
});

test('older entries come after', () => {
  const known = withOlder(page(9, 7), page(6, 4, null));
  expect(sequences(known)).toEqual([9, 8, 7, 6, 5, 4]);
  expect(known.next).toBeNull();
});

test('a filter is in the question as it was typed', () => {
  expect(newestEntriesPath('resource.*.>')).toBe(
    '/audit-log/api/v1/entries/?limit=50&order=desc&subject=resource.*.%3E',
  );
  expect(newestEntriesPath(null)).toBe('/audit-log/api/v1/entries/?limit=50&order=desc');
});
