import { expect, test } from '@jest/globals';
import type { FeedEvent } from '@longwave/client';
import { createdAtOf, dataOf } from './message-data.ts';

const time = '2026-11-21T12:00:01Z';
const heard = (value: unknown): FeedEvent => ({
  cursor: 'c',
  id: '1',
  subject: 'a.b',
  time,
  payload: { kind: 'json', value },
});

test('data is read from payloads of the house format only', () => {
  expect(dataOf(heard({ version: 1, createdAt: '2026-11-21T12:00:00Z', data: { id: 1 } }))).toEqual({ id: 1 });
  for (const payload of [null, [], 'text', { data: 7 }, {}]) expect(dataOf(heard(payload))).toBeNull();
  expect(dataOf({ ...heard(null), payload: { kind: 'bytes', base64: '' } })).toBeNull();
});

test('a message was made when its producer says, or else when it was stored', () => {
  expect(createdAtOf(heard({ createdAt: '2026-11-21T12:00:00Z' }))).toBe('2026-11-21T12:00:00Z');
  for (const payload of [null, 'text', {}, { createdAt: 7 }]) expect(createdAtOf(heard(payload))).toBe(time);
});
