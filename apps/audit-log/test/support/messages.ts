// A message of ours for any subject, without a contract: the log does not care what messages mean.
import { encodeMetadata, type OutgoingMessage } from '@longwave/messaging/contract';
import { uuidIds } from '@longwave/runtime';

const source = { instance: 'test', replica: 'test-1' } as const;

export function message(
  subject: string,
  {
    id = uuidIds.next(),
    payload = '{"version":1}',
    correlationId = `c-${id}`,
  }: { readonly id?: string; readonly payload?: string; readonly correlationId?: string } = {},
): OutgoingMessage {
  const time = new Date();
  const headers = encodeMetadata({ id, source, ceType: 'longwave.Test.v1', time, key: subject, correlationId });
  return { id, subject, key: subject, headers, payload: new TextEncoder().encode(payload) };
}

/** The same message, stored once more by a broker that has forgotten it. */
export function again(original: OutgoingMessage): OutgoingMessage {
  return { ...original, headers: { ...original.headers, 'Nats-Msg-Id': `again-${uuidIds.next()}` } };
}

export const oneSubjectPerStream = [
  'resource.steering.show.1.created',
  'program.planned.date.2026-11-21.updated',
  'longwave.v1.events.steering.device.connectivity.seen.default.u-1',
  'notification.broadcast.restart',
  'dead-letter.events.resolver',
] as const;
