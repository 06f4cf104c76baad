// M1–M3: metadata as headers and back, with everything that people and strangers put into them.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkProperty } from '../../test/support/check-property.ts';
import { encodeHeaders } from '../jetstream/header-block.ts';
import { decodeMetadata, encodeMetadata, type Metadata } from './metadata.ts';

const base: Metadata = {
  id: '0190-a',
  source: { instance: 'steering', replica: 'steering-1' },
  ceType: 'longwave.Reading.v1',
  contentType: 'application/protobuf',
  time: new Date('2026-11-21T12:00:00.000Z'),
  key: 'k',
  correlationId: 'c',
};
const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
  fc.constantFrom('a\r\nb', '\u0000', '👋🏽', '100%', '%41', '"quoted"', ' space ', 'é', '%%', '\u007F', 'a: b'),
);
const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('metadata', () => {
  test('comes back from headers as it was, whatever text it carries', () => {
    checkProperty([text, text, text, text], (key, correlationId, causationId, actor) => {
      const metadata = { ...base, key, correlationId, causationId, actor, expiresAt: new Date(1e12), traceparent };
      expect(decodeMetadata(encodeMetadata(metadata))).toEqual(metadata);
    });
  });

  test('M3: is made of headers that can be sent', () => {
    checkProperty([text, text], (key, actor) => void encodeHeaders(encodeMetadata({ ...base, key, actor })));
  });

  test('a lone surrogate becomes the replacement character', () => {
    expect(decodeMetadata(encodeMetadata({ ...base, key: 'a\uD800b' })).key).toBe('a\uFFFDb');
  });

  test('M1: leaves the caller’s object alone and makes a new one each time', () => {
    const metadata = Object.freeze({ ...base, source: Object.freeze(base.source) });
    const before = structuredClone(metadata);
    const first = encodeMetadata(metadata);
    expect(encodeMetadata(metadata)).not.toBe(first);
    expect(metadata).toEqual(before);
    const headers = Object.freeze(first);
    decodeMetadata(headers);
    expect(encodeMetadata(metadata)).toEqual(headers);
  });

  test('is read whatever the case of the names', () => {
    const upper = Object.fromEntries(
      Object.entries(encodeMetadata(base)).map(([name, value]) => [name.toUpperCase(), value]),
    );
    expect(decodeMetadata(upper)).toEqual(base);
    expect(decodeMetadata({ 'nats-msg-id': 'x' })).toEqual({ id: 'x' });
    expect(decodeMetadata({ 'X-Other': '1', 'Ce-Id': 'x', 'ce-id': '' })).toEqual({ id: 'x' });
  });

  test('M2: an empty header says nothing', () => {
    expect(decodeMetadata({ 'ce-id': '', 'Nats-Msg-Id': '', 'ce-partitionkey': '' })).toEqual({});
  });

  test.each([
    ['traceparent', 'a\rb'],
    ['traceparent', traceparent.toUpperCase()],
    ['traceparent', `${traceparent}-x`],
    ['traceparent', '00-00000000000000000000000000000000-00f067aa0ba902b7-01'],
    ['tracestate', 'a=\n'],
    ['tracestate', `a=${'x'.repeat(600)}`],
    ['ce-expirytime', '5'],
    ['ce-expirytime', 'tomorrow'],
    ['ce-expirytime', '2026-13-40T00:00:00Z'],
    ['ce-time', '2026'],
    ['ce-source', '/only-one'],
    ['ce-source', 'a/b/c'],
    ['ce-correlationid', 'x'.repeat(2_000)],
    ['ce-partitionkey', '%61'.repeat(1_025)],
  ])('M3: a header %s of %j says nothing', (name, value) => {
    expect(decodeMetadata({ [name]: value })).toEqual({});
  });

  test('M3: whatever strangers wrote, what is read of it can be sent on', () => {
    const header = fc.oneof(text, fc.string({ unit: 'binary', maxLength: 30 }));
    checkProperty([header, header, header], (correlationId, actor, tracestate) => {
      const read = decodeMetadata({ 'ce-correlationid': correlationId, 'ce-actor': actor, tracestate, traceparent });
      encodeHeaders(encodeMetadata({ ...base, ...read }));
    });
  });
});
