// The message type of these tests: a meter was read.
import { event, encodeMessage, type OutgoingMessage } from '@longwave/messaging/contract';
import { v7 } from 'uuid';
import { z } from 'zod';

export const Reading = event('Reading', {
  version: 1,
  subject: 'test.meter.{meter}.read',
  address: ({ meter }) => ({ meter }),
  key: ({ meter }) => `meter/${meter}`,
  schema: z.object({ meter: z.string(), value: z.int() }),
  example: { meter: 'm1', value: 7 },
});

export const testSource = { instance: 'test', replica: 'test-1' } as const;

export function reading(meter: string, value: number, id: string = v7()): OutgoingMessage {
  const context = { id, createdAt: new Date(), source: testSource, cause: { correlationId: `c-${id}` } };
  return encodeMessage(Reading.of({ meter, value }), context);
}

/** What `consuming-replica.ts` dies of. */
export const KILLER_VALUE = 666;
