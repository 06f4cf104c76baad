// The message type of the suite: a meter was read.
import { encodeMessage, type OutgoingMessage } from '../contract/encode.ts';
import { event } from '../contract/message-type.ts';
import type { StoredMessage } from '../contract/decode.ts';
import { z } from 'zod';

export const Reading = event('ConformanceReading', {
  version: 1,
  subject: 'conformance.meter.{meter}.read',
  address: ({ meter }) => ({ meter }),
  key: ({ meter }) => `meter/${meter}`,
  schema: z.object({ meter: z.string(), value: z.int() }),
  example: { meter: 'm1', value: 7 },
});

export const suiteSource = { instance: 'conformance', replica: 'conformance-1' } as const;

/** The subject of a meter's readings. */
export function subjectOf(meter: string): string {
  return `conformance.meter.${meter}.read`;
}

/** Two readings are the same message when their ids are. */
export function reading(
  meter: string,
  value: number,
  id: string = globalThis.crypto.randomUUID(),
  createdAt: Date = new Date(),
): OutgoingMessage {
  const context = { id, createdAt, source: suiteSource, cause: { correlationId: `c-${id}` } };
  return encodeMessage(Reading.of({ meter, value }), context);
}

/** The value that a stored reading carries. */
export function valueOf(stored: StoredMessage): number {
  const { data } = JSON.parse(new TextDecoder().decode(stored.payload));
  return Reading.decode(data).data?.value ?? Number.NaN;
}
