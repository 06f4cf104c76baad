// What becomes of a message of ours, of a stranger’s, and of one that nobody could keep as it is.
import { expect, test } from '@jest/globals';
import { encodeMetadata, type Headers, type StoredMessage } from '@longwave/messaging/contract';
import { entryOf } from './entry.ts';

function stored(headers: Headers, subject = 'resource.a.b.1.created'): StoredMessage {
  const storedAt = new Date('2026-11-21T12:00:00.500Z');
  return { stream: 'events', epoch: 17, sequence: 4, storedAt, subject, headers, payload: new Uint8Array([1]) };
}

const ours = encodeMetadata({
  id: 'id-1',
  source: { instance: 'steering', replica: 's1' },
  ceType: 'longwave.ResourceCreated.v1',
  time: new Date('2026-11-21T12:00:00.000Z'),
  key: 'k',
  correlationId: 'c 1',
  causationId: 'id-0',
  actor: 'user:7',
});

test('an entry says what the message said of itself', () => {
  expect(entryOf(stored(ours))).toEqual({
    messageId: 'id-1',
    subject: 'resource.a.b.1.created',
    type: 'longwave.ResourceCreated.v1',
    source: '/steering/s1',
    actor: 'user:7',
    correlationId: 'c 1',
    causationId: 'id-0',
    createdAt: new Date('2026-11-21T12:00:00.000Z'),
    receivedAt: new Date('2026-11-21T12:00:00.500Z'),
    stream: 'events',
    streamEpoch: 17,
    streamSequence: 4,
    headers: ours,
    payload: new Uint8Array([1]),
  });
});

test('a message from outside is known by where it lies, and what it does not say is null', () => {
  expect(entryOf(stored({}))).toMatchObject({
    messageId: 'events:17:4',
    correlationId: 'events:17:4',
    type: null,
    source: null,
    actor: null,
    causationId: null,
    createdAt: null,
  });
});

test('any CloudEvents source is kept, however the header is written', () => {
  expect(entryOf(stored({ 'CE-Source': 'https://playout.example/x' })).source).toBe('https://playout.example/x');
});

test('an id that cannot be kept as it is counts as none, so that no two messages become one', () => {
  for (const id of ['', '%00', 'a%00', 'x'.repeat(513)]) {
    expect(entryOf(stored({ 'ce-id': id })).messageId).toBe('events:17:4');
  }
  expect(entryOf(stored({ 'ce-id': 'x'.repeat(512) })).messageId).toBe('x'.repeat(512));
});

test('texts that cannot be kept are changed visibly, and times that nobody can write down are null', () => {
  const entry = entryOf(
    stored({ 'ce-correlationid': 'a%00b', 'ce-actor': 'y'.repeat(600), 'ce-time': '+123456-01-01' }, 'a.\u0000'),
  );
  expect(entry).toMatchObject({ correlationId: 'a␀b', subject: 'a.␀', createdAt: null });
  expect(entry.actor).toMatch(/^y{511}…$/);
  expect(entryOf(stored({ 'ce-time': '0000-01-01T00:00:00Z' })).createdAt).toBeNull();
});

test('a redrive is an entry of its own, of whoever did it; elsewhere its headers say nothing', () => {
  const headers = { ...ours, 'lw-redrive': 'events:1:2:resolver:redrive:1', 'lw-redriven-by': 'user:ada' };
  const redrive = entryOf({ ...stored(headers), stream: 'dead-letter' });
  expect(redrive).toMatchObject({
    messageId: 'events:1:2:resolver:redrive:1',
    actor: 'user:ada',
    correlationId: 'c 1',
  });
  expect(entryOf(stored(headers))).toMatchObject({ messageId: 'id-1', actor: 'user:7' });
  expect(entryOf({ ...stored({ ...headers, 'lw-redrive': '' }), stream: 'dead-letter' }).messageId).toBe(
    'dead-letter:17:4',
  );
});
