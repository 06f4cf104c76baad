// What protobuf payloads promise (E1–E3, C2, C4): data comes back as it was, others read it without our code, and whatever
// is none of it has a name.
import { readFile } from 'node:fs/promises';
import { create, fromBinary, fromJsonString, toBinary, toJson } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { checkProperty } from '../../test/support/check-property.ts';
import { MeterRead, MeterReadAsItIs, meterRead } from '../../test/support/meter-read.ts';
import { MeterReadMessageSchema, MeterReadSchema, Unit } from '../../test/protobuf/meter_pb.ts';
import { decodeMessage, type Decoded, type StoredMessage } from '../contract/decode.ts';
import { encodeMessage, type OutgoingMessage } from '../contract/encode.ts';
import { event, type MessageType } from '../contract/message-type.ts';
import { PAYLOAD_BYTES_MAX } from '../contract/payload.ts';
import { MessageSchema } from './message_pb.ts';
import { protobuf, PROTOBUF_CONTENT_TYPE } from './protobuf.ts';
import { protoText } from './proto-text.ts';

const createdAt = new Date('2026-11-21T12:00:00.456Z');
const source = { instance: 'test', replica: 'test-1' };
const encode = (draft: Parameters<typeof encodeMessage>[0]): OutgoingMessage =>
  encodeMessage(draft, { id: 'id-1', createdAt, source, cause: { correlationId: 'because' } });
const stored = (message: OutgoingMessage, over: Partial<StoredMessage> = {}): StoredMessage => {
  const { subject, headers, payload } = message;
  return { stream: 'events', epoch: 1, sequence: 1, storedAt: createdAt, subject, headers, payload, ...over };
};
const read = (type: MessageType, message: OutgoingMessage, over?: Partial<StoredMessage>): Decoded<unknown> =>
  decodeMessage([type], stored(message, over));
const codeOf = (decoded: Decoded<unknown>): string => (decoded.ok ? 'ok' : decoded.failure.code);
const example = encode(MeterRead.of(MeterRead.example as never));

describe('a protobuf payload', () => {
  test('C2: carries big integers, bytes, dates and enums as they were, by the codecs of the schema', () => {
    const at = fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true });
    const total = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    checkProperty([fc.integer({ max: 1_000_000 }), total, at, fc.uint8Array()], (value, sum, time, seal) => {
      const data = { meter: 'm1', value, total: sum, at: time, seal, unit: Unit.WATT };
      const decoded = read(MeterRead, encode(MeterRead.of(data)));
      expect(decoded.ok && decoded.message.data).toEqual(data);
    });
  });

  test('is its message as it is, where the contract has no rules of its own', () => {
    const data = create(MeterReadSchema, { meter: 'm1', labels: { a: 'b' }, source: { case: 'robot', value: 7 } });
    const decoded = read(MeterReadAsItIs, encode(MeterReadAsItIs.of(data)));
    expect(decoded.ok && decoded.message.data).toEqual(data);
  });

  test('E2: says what it is in its metadata, and who has the .proto alone reads it', () => {
    expect(example.headers).toMatchObject({
      'ce-datacontenttype': PROTOBUF_CONTENT_TYPE,
      'ce-type': 'longwave.MeterRead.v1',
    });
    expect(toJson(MeterReadMessageSchema, fromBinary(MeterReadMessageSchema, example.payload))).toEqual({
      version: 1,
      createdAt: '2026-11-21T12:00:00.456Z',
      data: {
        meter: 'm1',
        value: -7,
        total: '18446744073709551615',
        at: '2026-11-21T12:00:00.123Z',
        seal: Buffer.from([0, 255, 13, 10]).toString('base64'),
        unit: 'UNIT_WATT',
      },
    });
  });

  test('E2: is read when somebody else has written it, with no headers and with fields that came later', () => {
    const envelope = { version: 1, createdAt: timestampFromDate(createdAt), data: { meter: 'm2', value: 5 } };
    const theirs = toBinary(MeterReadMessageSchema, create(MeterReadMessageSchema, envelope));
    const later = Buffer.concat([theirs, new Uint8Array([0xfa, 0x01, 0x01, 0x78])]); // field 31, a text
    for (const payload of [theirs, later]) {
      const decoded = read(MeterReadAsItIs, example, { payload, headers: {} });
      expect(decoded).toMatchObject({ ok: true, message: { createdAt, data: { meter: 'm2', value: 5 } } });
    }
  });

  test('is compact: what JSON says in 116 bytes it says in 32', () => {
    const json = event('MeterRead', {
      version: 1,
      subject: 'test.meter.{meter}.metered',
      address: ({ meter }) => ({ meter }),
      key: ({ meter }) => `meter/${meter}`,
      schema: z.object({ meter: z.string(), value: z.int(), at: z.iso.datetime() }),
      example: { meter: 'm1', value: 7, at: '2026-11-21T12:00:00.000Z' },
    });
    const at = new Date('2026-11-21T12:00:00.000Z');
    const bytes = (draft: Parameters<typeof encode>[0]): number => encode(draft).payload.byteLength;
    expect(bytes(json.of({ meter: 'm1', value: 7, at: at.toISOString() }))).toBe(116);
    const rest = { total: 0n, seal: new Uint8Array(), unit: Unit.UNSPECIFIED };
    expect(bytes(MeterRead.of({ meter: 'm1', value: 7, at, ...rest }))).toBe(32);
  });

  test('has at most 512 KiB, like every payload', () => {
    const data = { meter: 'm1', value: 1, total: 0n, at: createdAt, unit: Unit.WATT };
    const draft = MeterRead.of({ ...data, seal: new Uint8Array(PAYLOAD_BYTES_MAX) });
    expect(() => encode(draft)).toThrow(expect.objectContaining({ code: 'payload-too-large' }));
  });
});

describe('C1, E3: what protobuf cannot carry is refused where the draft is made', () => {
  const data = MeterRead.example as Parameters<typeof MeterRead.of>[0];

  test('because the schema refuses it', () => {
    expect(() => MeterRead.of({ ...data, value: 1_000_001 })).toThrow(z.ZodError);
    expect(() => MeterReadAsItIs.of({ meter: 'm1' } as never)).toThrow(/expected test.meter.v1.MeterRead/);
  });

  test('because its field has no place for it', () => {
    expect(() => MeterRead.of({ ...data, total: -1n })).toThrow(/cannot be written as application\/protobuf.*total/s);
    expect(() => MeterRead.of({ ...data, total: 2n ** 64n })).toThrow(z.ZodError);
    expect(() => MeterReadAsItIs.of(meterRead({ meter: 'm1', value: 1.5 }))).toThrow(z.ZodError);
  });
});

describe('E1: what is not what its contract says has a name', () => {
  const asJson = Buffer.from(JSON.stringify({ version: 1, createdAt: createdAt.toISOString(), data: { meter: 'm1' } }));
  const said = (contentType: string, ceType = 'longwave.MeterRead.v1') => ({
    headers: { ...example.headers, 'ce-datacontenttype': contentType, 'ce-type': ceType },
  });

  test.each([
    ['another content type', 'unexpected-content-type', { ...said('application/json'), payload: asJson }],
    ['a content type that nobody knows', 'unexpected-content-type', said('application/x-protobuf')],
    ['another content type, of a version to come', 'newer-version', said('application/cbor', 'longwave.MeterRead.v2')],
    ['its content type in capitals, with a parameter', 'ok', said('Application/Protobuf; proto=test.meter.v1')],
    ['JSON under its content type', 'invalid-payload', { payload: asJson }],
    ['nothing', 'invalid-payload', { payload: new Uint8Array() }],
    ['a truncated envelope', 'invalid-payload', { payload: example.payload.slice(0, -3) }],
    ['an envelope without a time', 'invalid-payload', { payload: envelope({ createdAt: undefined }) }],
    ['an envelope without a version', 'invalid-payload', { payload: envelope({ version: 0 }) }],
    ['a newer version', 'newer-version', { payload: envelope({ version: 2 }) }],
    ['data that is another message', 'invalid-data', { payload: envelope({ data: new Uint8Array([0x0a, 0xff]) }) }],
    ['data that the schema refuses', 'invalid-data', { payload: envelope({ data: new Uint8Array() }) }],
    ['no data', 'invalid-data', { payload: envelope({ data: undefined }) }],
  ])('%s: %s', (_what, code, over) => {
    expect(codeOf(read(MeterRead, example, over))).toBe(code);
  });

  test('a JSON contract does not read protobuf either', () => {
    const Json = event('MeterRead', {
      version: 1,
      subject: 'test.meter.{meter}.metered',
      address: ({ meter }) => ({ meter }),
      key: ({ meter }) => `meter/${meter}`,
      schema: z.object({ meter: z.string() }),
      example: { meter: 'm1' },
    });
    const decoded = read(Json, example);
    expect(decoded).toMatchObject({
      failure: {
        code: 'unexpected-content-type',
        reason: 'MeterRead is application/json; this is application/protobuf',
      },
    });
    expect(codeOf(read(Json, example, { headers: {} }))).toBe('not-json');
  });

  test('nothing that can be published makes reading it throw', () => {
    checkProperty([fc.uint8Array({ maxLength: 60 }), fc.boolean()], (bytes, isData) => {
      const payload = isData ? envelope({ data: bytes }) : bytes;
      read(MeterRead, example, { payload });
      read(MeterReadAsItIs, example, { payload });
    });
  });
});

describe('C4, C5: older versions', () => {
  const common = {
    subject: 'test.meter.{meter}.metered',
    address: ({ meter }: { readonly meter: string }) => ({ meter }),
    key: ({ meter }: { readonly meter: string }) => `meter/${meter}`,
  } as const;
  const json = z.object({ meter: z.string(), watts: z.int() });
  const V1 = event('MeterRead', { ...common, version: 1, schema: json, example: { meter: 'm1', watts: 7 } });
  const codec = protobuf(MeterReadSchema);
  const V2 = event('MeterRead', {
    ...common,
    version: 2,
    payload: codec,
    schema: codec.schema,
    example: meterRead({ meter: 'm1', value: 7 }),
    older: { 1: { schema: json, upcast: ({ meter, watts }) => meterRead({ meter, value: watts }) } },
  });
  const V3 = event('MeterRead', {
    ...common,
    version: 3,
    schema: z.object({ meter: z.string(), total: z.int() }),
    example: { meter: 'm1', total: 1 },
    older: {
      1: { schema: json, upcast: ({ meter, watts }) => meterRead({ meter, value: watts }) },
      2: { schema: codec.schema, payload: codec, upcast: ({ meter, value }) => ({ meter, total: value * 10 }) },
    },
  });

  test('a type that has become protobuf still reads the JSON of before, and one that was protobuf what it was', () => {
    const one = encode(V1.of({ meter: 'm1', watts: 7 }));
    const two = encode(V2.of(meterRead({ meter: 'm1', value: 8 })));
    expect(read(V2, one)).toMatchObject({ ok: true, message: { data: { meter: 'm1', value: 7 } } });
    expect(read(V3, one)).toMatchObject({ ok: true, message: { data: { meter: 'm1', total: 70 } } });
    expect(read(V3, two)).toMatchObject({ ok: true, message: { data: { meter: 'm1', total: 80 } } });
  });

  test('a build that knows JSON alone waits for a deployment when the type has become protobuf', () => {
    expect(codeOf(read(V1, encode(V2.of(meterRead({ meter: 'm1', value: 8 })))))).toBe('newer-version');
  });

  test('each version is read as what it is: version 1 in protobuf is none', () => {
    expect(
      read(V2, encode(V2.of(meterRead({ meter: 'm1', value: 8 }))), { payload: envelope({ version: 1 }) }),
    ).toMatchObject({
      failure: {
        code: 'unexpected-content-type',
        reason: 'MeterRead version 1 is application/json; this is application/protobuf',
      },
    });
  });
});

describe('the definition of a message', () => {
  const withoutComments = (text: string): string => text.replaceAll(/^\s*\/\/.*\n/gm, '').trim();

  test.each([
    ['message.proto', './message.proto', MessageSchema],
    ['meter.proto', '../../test/protobuf/meter.proto', MeterReadMessageSchema],
  ])('is what %s says, from which its code was generated', async (_name, path, desc) => {
    const proto = withoutComments(await readFile(new URL(path, import.meta.url), 'utf8'));
    for (const part of protoText(desc).split('\n\n')) expect(proto).toContain(part);
  });

  test('is for documents, and JSON has none: there the schema says it', () => {
    expect(MeterRead.payload.definition).toMatchObject({
      schemaFormat: 'application/vnd.google.protobuf;version=3',
      text: expect.stringContaining('message MeterRead {\n  string meter = 1;'),
    });
    const elsewhere = protoText(MeterReadMessageSchema).split('\n\n');
    expect(MeterRead.payload.definition?.text.split('\n\n').toSorted()).toEqual(elsewhere.toSorted());
  });

  test('reads as its JSON does: the envelope is the same three fields', () => {
    const text = JSON.stringify({ version: 1, createdAt: createdAt.toISOString(), data: 'AQI=' });
    expect(fromJsonString(MessageSchema, text)).toMatchObject({ version: 1, data: new Uint8Array([1, 2]) });
  });
});

function envelope(over: { version?: number; createdAt?: undefined; data?: Uint8Array | undefined }): Uint8Array {
  const { data } = fromBinary(MessageSchema, example.payload);
  const said = { version: 1, createdAt: timestampFromDate(createdAt), data, ...over };
  const present = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  return toBinary(MessageSchema, create(MessageSchema, present));
}
