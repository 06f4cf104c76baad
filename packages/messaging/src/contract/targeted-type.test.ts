// Contracts of requests and notices, and the statuses of replies (Q8), as values.
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { readPayload } from './read-payload.ts';
import { decodeStatus, encodeStatus } from './reply-status.ts';
import { SubjectError } from './subject-error.ts';
import { notice, request } from './targeted-type.ts';

const contract = {
  version: 2,
  protocol: 'resolve',
  timeoutMs: 1_000,
  input: z.object({ name: z.string() }),
  output: z.object({
    at: z.codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() }),
  }),
  example: { input: { name: 'a' }, output: { at: new Date(0) } },
};

test('a request is a plain value, and its reply has a type of its own', () => {
  const Resolve = request('Resolve', contract);
  expect(Resolve).toMatchObject({ kind: 'request', name: 'Resolve', protocol: 'resolve', idempotent: false });
  expect([Resolve.input.ceType, Resolve.output.ceType]).toEqual(['longwave.Resolve.v2', 'longwave.ResolveReply.v2']);
});

test('C2: what a reply carries survives by the codecs of its schema', () => {
  const { output } = request('Resolve', contract);
  expect(output.decode(output.encode({ at: new Date(5) }))).toMatchObject({ data: { at: new Date(5) } });
});

test('C4, C5: a notice of an older version is read as the newest, or is invalid', () => {
  const schema = z.object({ names: z.array(z.string()).max(1) });
  const older = {
    1: { schema: z.object({ name: z.string() }), upcast: ({ name }: { name: string }) => ({ names: [name] }) },
  };
  const { input } = notice('Rename', { ...contract, schema, example: { names: [] }, older });
  const read = (version: number, data: object) =>
    readPayload(input, Buffer.from(JSON.stringify({ version, createdAt: '2026-01-01T00:00:00Z', data })), {});
  expect(read(1, { name: 'a' })).toMatchObject({ ok: true, data: { names: ['a'] } });
  expect(read(1, {})).toMatchObject({ ok: false, failure: { code: 'invalid-data' } });
  expect(read(3, {})).toMatchObject({ ok: false, failure: { code: 'newer-version' } });
});

test.each(['a.b', '*', '>', '1st', '', 'x'.repeat(65), 'a\r\nb'])(
  'a type named %j is refused: it is a token',
  (name) => {
    expect(() => request(name, contract)).toThrow(SubjectError);
    expect(() => notice(name, { ...contract, schema: z.object({}), example: {} })).toThrow(SubjectError);
  },
);

test.each([{ version: 0 }, { version: 1.5 }, { timeoutMs: -1 }, { timeoutMs: Number.NaN }, { timeoutMs: Infinity }])(
  'C1: a contract with %j is none',
  (wrong) => {
    expect(() => request('Resolve', { ...contract, ...wrong })).toThrow(RangeError);
    expect(() => notice('Rename', { ...contract, schema: z.object({}), example: {}, ...wrong })).toThrow(RangeError);
  },
);

test.each(['a.b', '*', '>', '', 'x'.repeat(300), 'a\r\nb'])('a protocol named %j is refused', (protocol) => {
  expect(() => request('Resolve', { ...contract, protocol })).toThrow(SubjectError);
});

test.each([
  [{ status: 200 }, { 'lw-status': '200' }],
  [
    { status: 404, reason: 'not found' },
    { 'lw-status': '404', 'lw-reason': 'not%20found' },
  ],
  [
    { status: 422, reason: 'a\r\nb: ü' },
    { 'lw-status': '422', 'lw-reason': 'a%0D%0Ab:%20%C3%BC' },
  ],
])('Q8: %j goes on the wire as headers and comes back', (status, wire) => {
  expect(encodeStatus(status)).toEqual(wire);
  expect(decodeStatus(wire)).toEqual(status);
});

test('Q8: a reply without a status is a success, one with nonsense is none, and a phrase has an end', () => {
  expect(decodeStatus({})).toEqual({ status: 200 });
  expect(decodeStatus({ 'LW-Status': '404', 'Lw-Reason': 'x' })).toEqual({ status: 404, reason: 'x' });
  for (const status of ['abc', '99', '600', '100', '20', '2000', '200 ', '-200']) {
    expect(decodeStatus({ 'lw-status': status })).toBeNull();
  }
  expect(decodeStatus(encodeStatus({ status: 400, reason: 'é'.repeat(1_000) }))?.reason).toHaveLength(256);
});
