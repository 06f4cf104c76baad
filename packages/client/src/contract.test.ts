import { expect, test } from '@jest/globals';
import { event } from '@longwave/messaging/contract';
import { z } from 'zod';
import { from, UnreadableEventError } from './contract.ts';
import type { FeedEvent } from './feed-event.ts';

const Renamed = event('Renamed', {
  version: 2,
  subject: 'thing.{id}.renamed',
  address: ({ id }) => ({ id }),
  key: ({ id }) => id,
  schema: z.object({ id: z.string(), title: z.string() }),
  example: { id: '1', title: 'new' },
  older: {
    1: { schema: z.object({ id: z.string(), name: z.string() }), upcast: ({ id, name }) => ({ id, title: name }) },
  },
});
const Removed = event('Removed', {
  version: 1,
  subject: 'thing.{id}.removed',
  address: ({ id }) => ({ id }),
  key: ({ id }) => id,
  schema: z.object({ id: z.string() }),
  example: { id: '1' },
});

const heard = (subject: string, value: unknown): FeedEvent => ({
  cursor: '1',
  id: 'a',
  subject,
  time: '2026-11-21T12:00:00Z',
  payload: { kind: 'json', value },
});
const createdAt = '2026-11-21T12:00:00Z';

test('a source listens to every subject of its types', () => {
  expect(from(Renamed, Removed).filters).toEqual(['thing.*.renamed', 'thing.*.removed']);
});

test('data is that of the type on whose subject it came', () => {
  const { read } = from(Renamed, Removed);
  const data: { readonly id: string } = read(
    heard('thing.7.renamed', { version: 2, createdAt, data: { id: '7', title: 'x' } }),
  );
  expect(data).toEqual({ id: '7', title: 'x' });
  expect(read(heard('thing.7.removed', { version: 1, createdAt, data: { id: '7' } }))).toEqual({ id: '7' });
});

test('an older version is read as the present one', () => {
  const old = heard('thing.7.renamed', { version: 1, createdAt, data: { id: '7', name: 'x' } });
  expect(from(Renamed).read(old)).toEqual({ id: '7', title: 'x' });
});

test.each([
  ['another subject', heard('thing.7.painted', { version: 2, createdAt, data: { id: '7', title: 'x' } })],
  ['a newer version', heard('thing.7.renamed', { version: 3, createdAt, data: { id: '7', title: 'x' } })],
  ['other data', heard('thing.7.renamed', { version: 2, createdAt, data: { id: 7 } })],
  ['no envelope', heard('thing.7.renamed', 'hello')],
  ['null', heard('thing.7.renamed', null)],
  ['bytes', { ...heard('thing.7.renamed', null), payload: { kind: 'bytes', base64: '' } as const }],
])('%s cannot be read', (_what, unreadable) => {
  expect(() => from(Renamed).read(unreadable)).toThrow(UnreadableEventError);
});
