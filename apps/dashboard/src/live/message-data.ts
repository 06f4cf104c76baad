// What a payload in the house format `{ version, createdAt, data }` says. Any NATS client may publish anything, so
// nothing is taken for granted.
import type { FeedEvent } from '@longwave/client';
import { isRecord } from '../is-record.ts';

/** The `data` of a payload in the house format; null for any other payload. */
export function dataOf({ payload }: FeedEvent): Readonly<Record<string, unknown>> | null {
  if (payload.kind !== 'json' || !isRecord(payload.value)) return null;
  const data = payload.value['data'];
  return isRecord(data) ? data : null;
}

/** When the producer made the message; when it was stored, where the payload does not say. */
export function createdAtOf({ payload, time }: FeedEvent): string {
  if (payload.kind !== 'json' || !isRecord(payload.value)) return time;
  const createdAt = payload.value['createdAt'];
  return typeof createdAt === 'string' ? createdAt : time;
}
