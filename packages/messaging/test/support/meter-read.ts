// A message type whose payload is protobuf: with rules of its own, and with those of its descriptor alone.
import { create } from '@bufbuild/protobuf';
import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { event } from '@longwave/messaging/contract';
import { protobuf } from '@longwave/messaging/protobuf';
import { z } from 'zod';
import { MeterReadSchema, Unit, type MeterRead as MeterReadMessage } from '../protobuf/meter_pb.ts';

const payload = protobuf(MeterReadSchema);

/** A protobuf timestamp as a date: what arrives is a message, and what is sent is made one. */
const timestamp = z.codec(z.object({ seconds: z.bigint(), nanos: z.int() }), z.date(), {
  decode: (time) => timestampDate({ $typeName: 'google.protobuf.Timestamp', ...time }),
  encode: timestampFromDate,
});

const address = {
  subject: 'test.meter.{meter}.metered',
  address: ({ meter }: { readonly meter: string }) => ({ meter }),
  key: ({ meter }: { readonly meter: string }) => `meter/${meter}`,
} as const;

/** Its data is what its schema makes of the message. */
export const MeterRead = event('MeterRead', {
  ...address,
  version: 1,
  payload,
  schema: z.object({
    meter: z.string().min(1),
    value: z.int().max(1_000_000),
    total: z.bigint().default(0n),
    at: timestamp,
    seal: z.instanceof(Uint8Array).default(new Uint8Array()),
    unit: z.enum(Unit).default(Unit.UNSPECIFIED),
  }),
  example: {
    meter: 'm1',
    value: -7,
    total: 18_446_744_073_709_551_615n,
    at: new Date('2026-11-21T12:00:00.123Z'),
    seal: new Uint8Array([0, 255, 13, 10]),
    unit: Unit.WATT,
  },
});

/** Its data is the message. */
export const MeterReadAsItIs = event('MeterReadAsItIs', {
  ...address,
  version: 1,
  payload,
  schema: payload.schema,
  example: meterRead({ meter: 'm1', value: 7 }),
});

export function meterRead(init: { readonly meter: string; readonly value: number }): MeterReadMessage {
  return create(MeterReadSchema, init);
}
