// D1 and D2: one identity per message and group, and a letter for every message there can be.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkProperty } from '../../test/support/check-property.ts';
import type { StoredMessage } from '../contract/decode.ts';
import { decodeMetadata } from '../contract/metadata.ts';
import { encodeHeaders } from '../jetstream/header-block.ts';
import { bareDeadLetterOf, deadLetterOf, type Failure } from './dead-letter.ts';

const source = { instance: 'resolver', replica: 'resolver-1' };
const failure: Failure = {
  cause: 'rejected',
  reason: 'no\r\nsuch show 👋',
  stack: 'x'.repeat(5_000),
  attempts: 2,
  firstFailedAt: new Date(1_000),
  lastFailedAt: new Date(2_000),
  redrives: 0,
};
const stored: StoredMessage = {
  stream: 'events',
  epoch: 7,
  sequence: 9,
  storedAt: new Date(500),
  subject: 'test.meter.m1.read',
  headers: { 'ce-id': 'original', 'ce-correlationid': 'because', 'Nats-Msg-Id': 'original' },
  payload: Uint8Array.of(0xff, 0x00),
};

describe('a dead letter', () => {
  test('D1: has one id for each place and group, whenever it is made', () => {
    const first = deadLetterOf(stored, 'audit', failure, source);
    const again = deadLetterOf(stored, 'audit', { ...failure, lastFailedAt: new Date(9_000) }, source);
    expect(first.id).toBe('events:7:9:audit');
    expect(again.id).toBe(first.id);
    expect(first.headers['Nats-Msg-Id']).toBe(first.id);
    const others = [
      deadLetterOf(stored, 'resolver', failure, source),
      deadLetterOf({ ...stored, sequence: 10 }, 'audit', failure, source),
      deadLetterOf({ ...stored, epoch: 8 }, 'audit', failure, source),
      deadLetterOf({ ...stored, stream: 'program' }, 'audit', failure, source),
    ];
    expect(new Set([first, ...others].map(({ id }) => id)).size).toBe(5);
  });

  test('Y6: has the same identity after a redrive, and an id of its own', () => {
    const again = deadLetterOf(stored, 'audit', { ...failure, redrives: 2 }, source);
    expect(again.id).toBe('events:7:9:audit:2');
    expect(again.headers).toMatchObject({ 'Nats-Msg-Id': again.id, 'ce-id': again.id, 'lw-redrives': '2' });
    expect(again.subject).toBe('dead-letter.events.audit');
  });

  test('keeps the bytes, says what went wrong, where it lay and what it belongs to', () => {
    const letter = deadLetterOf(stored, 'audit', failure, source);
    expect(letter.subject).toBe('dead-letter.events.audit');
    expect(letter.payload).toEqual(stored.payload);
    expect(decodeMetadata(letter.headers)).toMatchObject({ correlationId: 'because', causationId: 'original', source });
    expect(letter.headers).toMatchObject({
      'lw-cause': 'rejected',
      'lw-attempts': '2',
      'lw-original-subject': stored.subject,
      'lw-original-sequence': '9',
      'lw-original-ce-id': 'original',
    });
    expect(decodeURIComponent(letter.headers['lw-error'] ?? '')).toBe(failure.reason);
    expect(decodeURIComponent(letter.headers['lw-stack'] ?? '')).toHaveLength(2_000);
  });

  test('D2: can be sent, whatever the original carried, and no header of its own is replaced', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    const name = fc.oneof(text, fc.constantFrom('stream', 'Sequence', 'subject', 'epoch', 'stored-at'));
    checkProperty([fc.dictionary(name, text)], (headers) => {
      const letter = deadLetterOf({ ...stored, headers }, 'audit', failure, source);
      encodeHeaders(letter.headers);
      expect(letter.headers).toMatchObject({ 'lw-original-stream': 'events', 'lw-original-sequence': '9' });
      expect(letter.id).toBe('events:7:9:audit');
    });
  });

  test('D2: without its contents is small, says so, and is still the same letter', () => {
    const large = { ...stored, headers: { x: 'y'.repeat(500_000) }, payload: new Uint8Array(500_000) };
    const bare = bareDeadLetterOf(large, 'audit', failure, source);
    expect(bare.id).toBe('events:7:9:audit');
    expect(bare.headers).toMatchObject({ 'lw-omitted': 'headers, payload', 'lw-original-sequence': '9' });
    expect(JSON.stringify(bare.headers).length + bare.payload.byteLength).toBeLessThan(12_000);
  });
});
