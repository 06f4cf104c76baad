import { showMessages } from '@longwave/contracts';
import { expect, test } from '@jest/globals';
import type { FeedEvent } from '@longwave/client';
import { showChangeOf } from './show-change.ts';

const told = (subject: string, data: unknown): FeedEvent => ({
  cursor: 'c',
  id: '1',
  subject,
  time: '2026-11-21T12:00:00Z',
  payload: { kind: 'json', value: { version: 1, createdAt: '2026-11-21T12:00:00Z', data } },
});
const data = { id: 12, url: 'https://radio.example/steering/api/v1/shows/12/' };

test('the messages of the contract are understood', () => {
  const path = '/steering/api/v1/shows/12/';
  const { created, updated, deleted } = showMessages;
  expect(showChangeOf(told(created.of(data).subject, data))).toEqual({ kind: 'read', path });
  expect(showChangeOf(told(updated.of(data).subject, data))).toEqual({ kind: 'read', path });
  expect(showChangeOf(told(deleted.of(data).subject, data))).toEqual({ kind: 'removed', key: '12' });
});

test('messages about other things say nothing about shows', () => {
  for (const subject of ['resource.steering.schedule.1.created', 'resource.steering.show.x.created', 'program.a']) {
    expect(showChangeOf(told(subject, data))).toBeNull();
  }
});

test('an address that is not one of a show is never read', () => {
  const subject = 'resource.steering.show.12.updated';
  for (const url of ['nonsense', 7, undefined, 'https://x/steering/api/v1/shows/12/../../', 'https://x/auth/logout/']) {
    expect(showChangeOf(told(subject, { id: 12, url }))).toBeNull();
  }
});
