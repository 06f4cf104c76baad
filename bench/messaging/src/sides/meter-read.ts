// The contract of what is sent, and a message of it as the package makes one.
import { event, encodeMessage, type OutgoingMessage } from '@longwave/messaging/contract';
import { randomUUIDv7 } from 'node:crypto';
import { z } from 'zod';
import {
  ACTOR,
  CAUSATION_ID,
  CORRELATION_ID,
  INSTANCE,
  meterReading,
  REPLICA,
  TIMEOUT_MS,
  TRACEPARENT,
} from '../meter-reading.ts';

export const MeterRead = event('MeterRead', {
  version: 1,
  subject: 'bench.meter.{meter}.read',
  address: ({ meter }) => ({ meter }),
  key: ({ meter }) => `meter/${meter}`,
  schema: z.object({
    meter: z.string().min(1),
    value: z.number(),
    unit: z.enum(['kWh', 'm3']),
    readAt: z.iso.datetime(),
  }),
  example: meterReading(0),
  timeoutMs: TIMEOUT_MS,
});

export const source = { instance: INSTANCE, replica: REPLICA } as const;

export const cause = {
  correlationId: CORRELATION_ID,
  causationId: CAUSATION_ID,
  actor: ACTOR,
  traceparent: TRACEPARENT,
} as const;

export function meterRead(index: number): OutgoingMessage {
  return encodeMessage(MeterRead.of(meterReading(index)), { id: randomUUIDv7(), createdAt: new Date(), source, cause });
}
