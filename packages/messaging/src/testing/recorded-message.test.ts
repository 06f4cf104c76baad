// The gate, for payloads that are no JSON; for JSON, packages/contracts tries it on what was really recorded.
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { MeterRead, MeterReadAsItIs, meterRead } from '../../test/support/meter-read.ts';
import { MeterReadSchema } from '../../test/protobuf/meter_pb.ts';
import { encodeMessage } from '../contract/encode.ts';
import { event, type EventType } from '../contract/message-type.ts';
import { protobuf } from '../protobuf/protobuf.ts';
import { readRecorded, recordedMessage, type RecordedMessage } from './recorded-message.ts';

const context = {
  id: 'id-1',
  createdAt: new Date('2026-11-21T12:00:00.000Z'),
  source: { instance: 'test', replica: 'test-1' },
  cause: { correlationId: 'because' },
};

const recordedAs = (draft: ReturnType<typeof MeterReadAsItIs.of>): RecordedMessage => {
  const { subject, key, headers, payload } = encodeMessage(draft, context);
  const base64 = Buffer.from(payload).toString('base64');
  // As it lies on the disk.
  const text = JSON.stringify({ subject, key, headers, payloads: [{ version: draft.type.version, base64 }] });
  return recordedMessage.parse(JSON.parse(text));
};
const recorded = recordedAs(MeterReadAsItIs.of(meterRead({ meter: 'm1', value: 7 })));

const codec = protobuf(MeterReadSchema);
const withSchema = (schema: z.ZodType<{ meter: string }, { meter: string }>): EventType<unknown> =>
  event('MeterRead', {
    version: 1,
    subject: 'test.meter.{meter}.metered',
    address: ({ meter }) => ({ meter }),
    key: ({ meter }) => `meter/${meter}`,
    payload: codec,
    schema,
    example: { meter: 'm1' },
  });

describe('a recorded protobuf payload', () => {
  test('is read by the contract that it was recorded of, to the byte', () => {
    expect(() => readRecorded([MeterReadAsItIs], recorded)).not.toThrow();
    expect(() => readRecorded([MeterRead], recordedAs(MeterRead.of(MeterRead.example as never)))).not.toThrow();
  });

  test.each([
    ['a field is dropped', withSchema(z.object({ meter: z.string() }))],
    ['a rule is stricter than it was', withSchema(z.object({ meter: z.string().max(1), value: z.int() }))],
    ['it has become JSON', withJson()],
  ])('%s: the gate is shut, and says what to do', (_change, type) => {
    expect(() => readRecorded([type], recorded)).toThrow(
      expect.objectContaining({ code: 'incompatible-contract', message: expect.stringContaining('add an upcast') }),
    );
  });
});

function withJson(): EventType<unknown> {
  return event('MeterRead', {
    version: 1,
    subject: 'test.meter.{meter}.metered',
    address: ({ meter }) => ({ meter }),
    key: ({ meter }) => `meter/${meter}`,
    schema: z.object({ meter: z.string(), value: z.int() }),
    example: { meter: 'm1', value: 7 },
  });
}
