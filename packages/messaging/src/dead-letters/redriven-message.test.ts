// Y2 and D1, without a broker: what becomes of a message on its way into a letter, out of it and back to its group.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkProperty } from '../../test/support/check-property.ts';
import { bareDeadLetterOf, deadLetterOf, type Failure } from '../consume/dead-letter.ts';
import { idOf, keyOf, type StoredMessage } from '../contract/decode.ts';
import type { OutgoingMessage } from '../contract/encode.ts';
import { decodeMetadata } from '../contract/metadata.ts';
import { encodeHeaders } from '../jetstream/header-block.ts';
import { originalOf, readDeadLetter, type DeadLetter } from './dead-letter.ts';
import { identityOf, letterIdOf, parseLetterId } from './letter-id.ts';
import { readOriginal } from './read-original.ts';
import { redriveConsumer } from './redrive-names.ts';
import { readRedriven, redrivenMessageOf } from './redriven-message.ts';

const failure: Failure = {
  cause: 'rejected',
  reason: 'no\r\nsuch show 👋',
  attempts: 2,
  firstFailedAt: new Date(1_000),
  lastFailedAt: new Date(2_000),
  redrives: 0,
};
const source = { instance: 'resolver', replica: 'resolver-1' };
const who = { by: 'user:Ada Lovelace', at: new Date(5_000) };
const message: StoredMessage = {
  stream: 'events',
  epoch: 7,
  sequence: 9,
  storedAt: new Date(500),
  subject: 'test.meter.m1.read',
  headers: { 'ce-id': 'original', 'ce-partitionkey': 'meter/m1', 'Nats-Msg-Id': 'original', 'x-other': 'kept' },
  payload: Uint8Array.of(0xff, 0x00),
};

const inDeadLetters = ({ subject, headers, payload }: OutgoingMessage, sequence = 1): StoredMessage => ({
  stream: 'dead-letter',
  epoch: 3,
  sequence,
  storedAt: new Date(3_000),
  subject,
  headers,
  payload,
});

function letterOf(stored: StoredMessage): DeadLetter {
  const letter = readDeadLetter(stored);
  if (letter === null) throw new Error('it is no letter');
  return letter;
}

/** Into a letter, out of it, onto the wire, and as the group has it. */
function redriven(original: StoredMessage): { letter: DeadLetter; wire: OutgoingMessage; back: StoredMessage } {
  const stored = inDeadLetters(deadLetterOf(original, 'resolver', failure, source));
  const letter = letterOf(stored);
  const carried = originalOf(stored, letter, letter.subject);
  const wire = redrivenMessageOf({ stored: carried, redrive: 1, firstFailedAt: letter.firstFailedAt }, 'resolver', who);
  const back = readRedriven(inDeadLetters(wire, 2));
  if (back === null) throw new Error('it is no redriven message');
  return { letter, wire, back: back.stored };
}

describe('a redriven message', () => {
  test('Y2: is the message that failed, at its place, with its own headers', () => {
    const { wire, back } = redriven(message);
    const { headers, ...place } = message;
    const { 'Nats-Msg-Id': _, ...kept } = headers;
    expect(back).toEqual({ ...place, headers: kept });
    expect(wire).toMatchObject({ id: 'events:7:9:resolver:redrive:1', key: 'meter/m1' });
    expect(wire.subject).toBe('dead-letter.events.resolver.redrive.7.9.1');
    expect(wire.headers).toMatchObject({ 'ce-id': 'original', 'Nats-Msg-Id': wire.id, 'lw-original-sequence': '9' });
  });

  test('Y2: can be sent, and is the same message with the same key, whatever headers a stranger gave it', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    const names = [
      'ce-id',
      'Nats-Msg-Id',
      'CE-ID',
      'ce-partitionkey',
      'Nats-Rollup',
      'lw-redrive',
      'lw-original-subject',
    ];
    const headers = fc.dictionary(
      fc.oneof(text, fc.constantFrom(...names)),
      text.map((value) => value.trim()),
    );
    checkProperty([headers], (some) => {
      const { letter, wire, back } = redriven({ ...message, headers: some });
      encodeHeaders(wire.headers);
      expect([idOf(back), keyOf(back)]).toEqual([letter.messageId, letter.key]);
      expect(Object.keys(wire.headers).filter((name) => /^nats-/i.test(name))).toEqual(['Nats-Msg-Id']);
    });
  });

  test('Y2: keeps the id of a message that brought none: its place', () => {
    const { wire, back } = redriven({ ...message, headers: {} });
    expect(idOf(back)).toBe('events:7:9');
    expect(decodeMetadata(wire.headers).id).toBe('events:7:9');
  });

  test('what is not one, or says only half of what it must, is none', () => {
    const { wire } = redriven(message);
    const without = (name: string): OutgoingMessage => ({ ...wire, headers: { ...wire.headers, [name]: 'nonsense' } });
    expect(readRedriven(inDeadLetters({ ...wire, subject: 'dead-letter.events.resolver' }))).toBeNull();
    expect(readRedriven(inDeadLetters({ ...wire, subject: 'dead-letter.a.b.redrive.1.x.1' }))).toBeNull();
    expect(readRedriven(inDeadLetters(without('lw-original-stored-at')))).toBeNull();
    expect(readRedriven(inDeadLetters(without('lw-first-failed-at')))).toBeNull();
    expect(readRedriven(inDeadLetters({ ...wire, headers: {} }))).toBeNull();
  });
});

describe('a dead letter', () => {
  test('is read as it was written', () => {
    const letter = readDeadLetter(
      inDeadLetters(deadLetterOf(message, 'resolver', { ...failure, redrives: 2 }, source)),
    );
    expect(letter).toMatchObject({
      identity: 'events:7:9:resolver',
      redrives: 2,
      cause: 'rejected',
      reason: failure.reason,
      attempts: 2,
      firstFailedAt: failure.firstFailedAt,
      messageId: 'original',
      key: 'meter/m1',
      subject: message.subject,
      failedAt: '/resolver/resolver-1',
      omitted: false,
      positions: [1],
    });
  });

  test('that was too large has its message from its own stream, if that still has it', async () => {
    const stored = inDeadLetters(bareDeadLetterOf(message, 'resolver', failure, source));
    const letter = letterOf(stored);
    expect(letter.omitted).toBe(true);
    const reading = (own: StoredMessage | null) => ({
      at: async (stream: string) => (stream === 'events' ? own : stored),
    });
    expect(await readOriginal(reading(message), letter)).toEqual(message);
    expect(await readOriginal(reading(null), letter)).toBe('lost');
    expect(await readOriginal(reading({ ...message, epoch: 8 }), letter)).toBe('lost');
    expect(await readOriginal({ at: async () => null }, letter)).toBe('gone');
  });

  test('has a number of attempts, whatever a stranger has written', () => {
    const letter = deadLetterOf(message, 'resolver', failure, source);
    const odd = { ...letter, headers: { ...letter.headers, 'lw-attempts': 'many' } };
    expect(readDeadLetter(inDeadLetters(odd))).toMatchObject({ attempts: 0 });
  });

  test('is not what merely lies in the stream', () => {
    expect(readDeadLetter({ ...message, stream: 'dead-letter' })).toBeNull();
  });
});

describe('D1: the identity of a letter', () => {
  const place = { stream: 'dead-letter', epoch: 1_763_700_000_000, sequence: 42, group: 'audit-log' };

  test('and its id can be typed, and are read back', () => {
    expect(identityOf(place)).toBe('dead-letter:1763700000000:42:audit-log');
    expect(parseLetterId(identityOf(place))).toEqual({ ...place, redrives: 0 });
    expect(parseLetterId(letterIdOf(place, 3))).toEqual({ ...place, redrives: 3 });
  });

  test.each([
    '',
    'events',
    'events:1:2',
    'events:1:x:g',
    'events:1:2:g:0',
    'a b:1:2:g',
    'events:1:2:g:1:1',
    'events:01:2:g',
  ])('%j is none', (text) => {
    expect(parseLetterId(text)).toBeNull();
  });

  test('names that are too long together are refused', () => {
    expect(() => redriveConsumer('s'.repeat(40), 'g'.repeat(40))).toThrow(/is not a name/);
  });
});
