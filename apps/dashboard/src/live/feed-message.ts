// What an event of the feed says, read from its text. Any NATS client may publish anything, so a payload stays
// `unknown` here; only the wrapper, which the proxy makes, has a shape.
import { isRecord } from '../is-record.ts';

export type FeedMessage = {
  /** Where in the feed this message is: opaque, the id of the event. */
  readonly cursor: string;
  readonly id: string;
  readonly subject: string;
  /** When the stream stored it, RFC 3339. */
  readonly time: string;
  readonly payload: MessagePayload;
};

/** `bytes`: the payload is not one JSON text. */
export type MessagePayload =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'bytes'; readonly base64: string };

/** Messages that this page will never get. `stream`: null when it is not known which ones. */
export type Gap = {
  readonly stream: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly reason: string;
};

/** Reads the data of a default event: `{ subject, id, time, message | messageBase64 }`. Null when it is not that. */
export function readMessage(data: string, cursor: string): FeedMessage | null {
  const event = parse(data);
  if (event === null) return null;
  const { subject, id, time } = event;
  if (typeof subject !== 'string' || typeof id !== 'string' || typeof time !== 'string') return null;
  const payload = readPayload(event);
  return payload === null ? null : { cursor, id, subject, time, payload };
}

/** Reads the data of a `gap` event. What cannot be read is still a gap. */
export function readGap(data: string): Gap {
  const { stream, from, to, reason } = parse(data) ?? {};
  return {
    stream: typeof stream === 'string' ? stream : null,
    from: readPosition(from),
    to: readPosition(to),
    reason: typeof reason === 'string' ? reason : 'unknown',
  };
}

/** Reads the data of an `upstream` event: is the broker there? */
export function readUpstream(data: string): 'up' | 'down' {
  return parse(data)?.['state'] === 'up' ? 'up' : 'down';
}

/** The `data` of a payload in the house format `{ version, createdAt, data }`; null for any other payload. */
export function dataOf(message: FeedMessage): Readonly<Record<string, unknown>> | null {
  if (message.payload.kind !== 'json' || !isRecord(message.payload.value)) return null;
  const data = message.payload.value['data'];
  return isRecord(data) ? data : null;
}

/** When the producer made the message; when it was stored, where the payload does not say. */
export function createdAtOf({ payload, time }: FeedMessage): string {
  if (payload.kind !== 'json' || !isRecord(payload.value)) return time;
  const createdAt = payload.value['createdAt'];
  return typeof createdAt === 'string' ? createdAt : time;
}

function readPayload(event: Readonly<Record<string, unknown>>): MessagePayload | null {
  if ('message' in event) return { kind: 'json', value: event['message'] };
  const base64 = event['messageBase64'];
  return typeof base64 === 'string' ? { kind: 'bytes', base64 } : null;
}

function readPosition(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

function parse(data: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(data);
    return isRecord(value) ? value : null;
  } catch {
    // The caller decides what an unreadable event means.
    return null;
  }
}
