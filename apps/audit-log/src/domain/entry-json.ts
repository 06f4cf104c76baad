// An entry as the API answers it, written as JSON text: the payload is put in as the message's own bytes, which no
// value could carry without loss.
import type { AuditEntry } from '@longwave/contracts';
import type { Entry } from './entry.ts';
import { jsonTextOf } from './json-text.ts';

/** The JSON text of an `auditEntry`. */
export function entryJson(entry: Entry): string {
  const described = JSON.stringify(describe(entry));
  const text = jsonTextOf(entry.payload);
  // JSON.stringify ends an object with a brace; the payload goes before it.
  const payload =
    text === undefined ? `"payloadBase64":"${Buffer.from(entry.payload).toString('base64')}"` : `"payload":${text}`;
  return `${described.slice(0, -1)},${payload}}`;
}

/** The JSON text of a page of them. */
export function pageJson(entries: readonly Entry[], next: string | null): string {
  return `{"items":[${entries.map(entryJson).join(',')}],"next":${JSON.stringify(next)}}`;
}

function describe(entry: Entry): Omit<AuditEntry, 'payload' | 'payloadBase64'> {
  const { messageId: id, createdAt, receivedAt, recordedAt, streamEpoch: _epoch, payload: _payload, ...rest } = entry;
  return {
    id,
    ...rest,
    createdAt: createdAt?.toISOString() ?? null,
    receivedAt: receivedAt.toISOString(),
    recordedAt: recordedAt.toISOString(),
  };
}
