// What an event of the feed says, read from its text. Any NATS client may publish anything, so a payload stays
// `unknown` here; only the wrapper, which the proxy makes, has a shape.

export type FeedEvent = {
  /** Where in the feed this event is: opaque; a client that is given it goes on after it. */
  readonly cursor: string;
  /** The message's own id. */
  readonly id: string;
  readonly subject: string;
  /** When the stream stored it, RFC 3339. */
  readonly time: string;
  readonly payload: EventPayload;
};

/** `bytes`: the payload is not one JSON text. */
export type EventPayload =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'bytes'; readonly base64: string };

/** Messages that will never come. `stream`: null when it is not known which; `from`, `to`: sequences of that stream. */
export type Gap = {
  readonly stream: string | null;
  readonly from: string | null;
  readonly to: string | null;
  /** The proxy's (`expired`, `recreated`, …) or ours: `no-cursor`, `unreadable`. */
  readonly reason: string;
};

type Fields = Readonly<Record<string, unknown>>;

/** Reads the data of a default event: `{ subject, id, time, message | messageBase64 }`. Null when it is not that. */
export function readEvent(data: string, cursor: string): FeedEvent | null {
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

function readPayload(event: Fields): EventPayload | null {
  if ('message' in event) return { kind: 'json', value: event['message'] };
  const base64 = event['messageBase64'];
  return typeof base64 === 'string' ? { kind: 'bytes', base64 } : null;
}

function readPosition(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

function parse(data: string): Fields | null {
  try {
    const value: unknown = JSON.parse(data);
    // What `typeof` calls an object and is not null has fields.
    return typeof value === 'object' && value !== null ? (value as Fields) : null;
  } catch {
    // The caller decides what an unreadable event means.
    return null;
  }
}
