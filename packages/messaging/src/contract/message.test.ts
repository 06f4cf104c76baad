// C1, C2 and what decoding promises: a draft that is made can be sent, and what was sent is read as it was.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { checkProperty } from '../../test/support/check-property.ts';
import { causeOf } from './cause.ts';
import { decodeMessage, idOf, keyOf, type Decoded, type StoredMessage } from './decode.ts';
import { encodeMessage, type OutgoingMessage } from './encode.ts';
import { event, signal, type Draft } from './message-type.ts';
import { PAYLOAD_BYTES_MAX } from './payload.ts';

const isoDate = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});
const decimal = z.codec(z.string(), z.bigint(), { decode: (text) => BigInt(text), encode: String });
const base64 = z.codec(z.base64(), z.instanceof(Uint8Array), {
  decode: (text) => new Uint8Array(Buffer.from(text, 'base64')),
  encode: (bytes) => Buffer.from(bytes).toString('base64'),
});

const Sample = event('Sample', {
  version: 2,
  subject: 'test.sample.{id}.taken',
  address: ({ id }) => ({ id }),
  key: ({ id }) => `sample/${id}`,
  schema: z.object({ id: z.string(), at: isoDate, count: decimal, bytes: base64, note: z.string().optional() }),
  example: { id: 's1', at: new Date(0), count: 1n, bytes: new Uint8Array([1]) },
  timeoutMs: 60_000,
});
const Week = signal('Week', {
  version: 1,
  subject: 'test.week.{week}.updated',
  key: ({ week }) => `week/${week}`,
  example: { week: '2026-W47' },
});
const Text = event('Text', {
  version: 1,
  subject: 'test.text.{id}',
  address: () => ({ id: 'one' }),
  key: () => 'text',
  schema: z.object({ text: z.string() }),
  example: { text: '' },
});

const bare = { version: 1, subject: 'test.bare', address: () => ({}), key: () => 'bare' } as const;

const context = {
  id: '0190-a',
  createdAt: new Date('2026-11-21T12:00:00.000Z'),
  source: { instance: 'test', replica: 'test-1' },
  cause: { correlationId: 'because', causationId: 'before', actor: 'user:é' },
};
const stored = (message: OutgoingMessage, over: Partial<StoredMessage> = {}): StoredMessage => {
  const { subject, headers, payload } = message;
  return { stream: 'events', epoch: 7, sequence: 9, storedAt: new Date(1), subject, headers, payload, ...over };
};
const read = (draft: Draft, over?: Partial<StoredMessage>): Decoded<unknown> =>
  decodeMessage([Sample, Week, Text], stored(encodeMessage(draft, context), over));
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const codeOf = (decoded: Decoded<unknown>): string => (decoded.ok ? 'ok' : decoded.failure.code);

describe('a message', () => {
  test('C2: carries dates, bytes and big integers by the codecs of its schema, through JSON and back', () => {
    const id = fc.string({ unit: fc.constantFrom('a', 'Z', '.', ' ', '*', '👋'), minLength: 1, maxLength: 9 });
    const at = fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true });
    checkProperty([id, at, fc.bigInt(), fc.uint8Array()], (name, time, count, bytes) => {
      const data = { id: name, at: time, count, bytes };
      const decoded = read(Sample.of(data));
      expect(decoded.ok && decoded.message.data).toEqual(data);
    });
  });

  test('is read with everything that was said about it', () => {
    const decoded = read(Sample.of(Sample.example as never));
    expect(decoded).toMatchObject({
      ok: true,
      message: {
        ...context.cause,
        id: context.id,
        key: 'sample/s1',
        createdAt: context.createdAt,
        source: context.source,
        expiresAt: new Date('2026-11-21T12:01:00.000Z'),
        type: { name: 'Sample', ceType: 'longwave.Sample.v2' },
      },
    });
  });

  test('that carries nothing has no data on the wire', () => {
    const message = encodeMessage(Week.of({ week: '2026-W47' }), context);
    expect(message.subject).toBe('test.week.2026-W47.updated');
    expect(JSON.parse(Buffer.from(message.payload).toString())).toEqual({
      version: 1,
      createdAt: '2026-11-21T12:00:00.000Z',
    });
    expect(read(Week.of({ week: '2026-W47' }))).toMatchObject({ ok: true, message: { data: undefined } });
  });

  test('is the cause of what follows from it', () => {
    const decoded = read(Week.of({ week: '1' }));
    expect(decoded.ok && causeOf(decoded.message)).toEqual({
      correlationId: 'because',
      causationId: context.id,
      actor: 'user:é',
    });
  });

  test('C1: a draft is refused where it is made: by its schema, its subject, its key', () => {
    const example = { id: 's', at: new Date(0), count: 1n, bytes: new Uint8Array() };
    expect(() => Sample.of({ ...example, at: new Date(Number.NaN) })).toThrow('Invalid input');
    expect(() => Sample.of({ ...example, id: '' })).toThrow(expect.objectContaining({ code: 'empty-token' }));
    expect(() => Sample.of({ ...example, id: '\uD800' })).toThrow(expect.objectContaining({ code: 'ill-formed-text' }));
    expect(() => Sample.of({ ...example, id: 'x'.repeat(300) })).toThrow(
      expect.objectContaining({ code: 'subject-too-long' }),
    );
    expect(() => Sample.of({ ...example, id: 'a\u0000' })).toThrow(expect.objectContaining({ code: 'illegal-key' }));
    expect(() => Sample.of({ ...example, id: 'a\r\nb' })).toThrow(expect.objectContaining({ code: 'illegal-key' }));
  });

  test.each([
    ['a date', z.date(), new Date(0), 'v is a Date'],
    ['a big integer', z.bigint(), 1n, 'v is a bigint'],
    ['a map', z.map(z.string(), z.string()), new Map([['a', 'b']]), 'v is a Map'],
    ['bytes', z.instanceof(Uint8Array), new Uint8Array(), 'v is a Uint8Array'],
    ['no number', z.nan(), Number.NaN, 'v is NaN'],
    ['a hole in a list', z.array(z.string().optional()), ['a', undefined], 'v.1 is undefined'],
    ['a function, deep inside', z.any(), { list: [{ run: () => 1 }] }, 'v.list.0.run is a function'],
  ])('C2: %s without a codec is refused where the draft is made', (_what, schema, v, said) => {
    const type = event('Bare', { ...bare, schema: z.object({ v: schema }), example: { v } });
    expect(() => type.of({ v })).toThrow(said);
  });

  test('C1: data that cannot even be looked at is refused where the draft is made, and the error can be read', () => {
    const endless: Record<string, unknown> = {};
    endless['self'] = endless;
    const type = event('Bare', { ...bare, schema: z.object({ v: z.any() }), example: { v: 1 } });
    expect(() => type.of({ v: endless })).toThrow('cannot be written as application/json');
  });

  test('C2: what JSON has goes through as it is', () => {
    const value = fc.jsonValue().filter((one) => !Object.is(one, -0));
    const type = event('Bare', { ...bare, schema: z.object({ v: z.any() }), example: { v: 1 } });
    checkProperty([value], (v) => {
      const decoded = decodeMessage([type], stored(encodeMessage(type.of({ v }), context)));
      expect(decoded.ok && decoded.message.data).toEqual(JSON.parse(JSON.stringify({ v })));
    });
  });

  test.each([
    ['a version from 1', { version: 0 }, RangeError],
    ['a version that is a whole number', { version: 1.5 }, RangeError],
    ['a version that is there', { version: Number.NaN }, RangeError],
    ['a timeout that ends', { timeoutMs: Number.POSITIVE_INFINITY }, RangeError],
    ['a timeout that has not passed', { timeoutMs: -1 }, RangeError],
    ['a timeout that is there', { timeoutMs: Number.NaN }, RangeError],
  ])('C1: a contract has %s, or is none', (_what, wrong, error) => {
    const declare = () => event('Bare', { ...bare, schema: z.object({ v: z.any() }), example: { v: 1 }, ...wrong });
    expect(declare).toThrow(error);
  });

  test.each(['', 'Meter Read', 'a.b', 'a\r\nb', 'é'])('C1: no contract is called %j', (name) => {
    const illegal = expect.objectContaining({ code: 'illegal-name' });
    expect(() => event(name, { ...bare, schema: z.object({}), example: {} })).toThrow(illegal);
    expect(() => signal(name, { version: 1, subject: 'a.{b}', key: () => 'k', example: { b: 'c' } })).toThrow(illegal);
  });

  test('a payload has at most 512 KiB, to the byte', () => {
    const overhead = encodeMessage(Text.of({ text: '' }), context).payload.byteLength;
    const largest = Text.of({ text: 'x'.repeat(PAYLOAD_BYTES_MAX - overhead) });
    expect(encodeMessage(largest, context).payload.byteLength).toBe(PAYLOAD_BYTES_MAX);
    const larger = Text.of({ text: 'x'.repeat(PAYLOAD_BYTES_MAX - overhead + 1) });
    expect(() => encodeMessage(larger, context)).toThrow(expect.objectContaining({ code: 'payload-too-large' }));
  });

  test('C3: fields that a build does not know are ignored', () => {
    const data = { text: 'x', added: { later: true } };
    const payload = json({ version: 1, createdAt: '2026-01-01T00:00:00+01:00', data, also: 1 });
    const decoded = read(Text.of({ text: '' }), { payload });
    expect(decoded).toMatchObject({ ok: true, message: { data: { text: 'x' } } });
  });

  test.each([
    ['newer-version', { version: 2, createdAt: '2026-01-01T00:00:00Z', data: { text: '' } }],
    ['invalid-payload', { version: 0, createdAt: '2026-01-01T00:00:00Z', data: { text: '' } }],
    ['invalid-payload', { version: '1', createdAt: '2026-01-01T00:00:00Z', data: { text: '' } }],
    ['invalid-payload', { version: 1, createdAt: 'yesterday', data: { text: '' } }],
    ['invalid-payload', { version: 1, data: { text: '' } }],
    ['invalid-payload', null],
    ['invalid-payload', []],
    ['invalid-data', { version: 1, createdAt: '2026-01-01T00:00:00Z' }],
    ['invalid-data', { version: 1, createdAt: '2026-01-01T00:00:00Z', data: { text: 5 } }],
  ])('is %s when its payload is %j', (code, payload) => {
    expect(codeOf(read(Text.of({ text: '' }), { payload: json(payload) }))).toBe(code);
  });

  test('G5: nothing that can be published makes reading it throw', () => {
    const subject = fc.oneof(fc.constantFrom('test.text.%41', 'test.text.%FF', 'test.text.', 'x'), fc.string());
    const anything = fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.jsonValue().map(json));
    const headers = fc.dictionary(fc.string(), fc.string({ unit: 'binary' }));
    checkProperty([subject, anything, headers], (where, payload, said) => {
      const message = {
        ...stored(encodeMessage(Text.of({ text: '' }), context)),
        subject: where,
        payload,
        headers: said,
      };
      decodeMessage([Sample, Week, Text], message);
      idOf(message);
      keyOf(message);
    });
  });

  test('G5: a codec that throws is data that is invalid', () => {
    const data = { id: 's', at: '2026-01-01T00:00:00Z', count: 'not a number', bytes: '' };
    const payload = json({ version: 2, createdAt: '2026-01-01T00:00:00Z', data });
    expect(codeOf(read(Sample.of(Sample.example as never), { payload }))).toBe('invalid-data');
  });

  test('from outside has its place for an id and its subject for a key', () => {
    const message = stored({ id: '', key: '', subject: 'test.text.x', headers: {}, payload: json({}) });
    expect(idOf(message)).toBe('events:7:9');
    expect(keyOf(message)).toBe('test.text.x');
  });
});
