// A browser's EventSource that remembers what it heard, over every interruption.
import { EventSource } from 'eventsource';
import { z } from 'zod';
import { until } from './station-client.ts';

export type Listener = {
  /** How often each message was heard, by its id. */
  readonly heard: ReadonlyMap<string, number>;
  readonly gaps: readonly string[];
  /** Where it would go on. */
  readonly cursor: () => string;
  close(): void;
};

const message = z.object({ id: z.string() });
const OPEN_WITHIN_MS = 30_000;

/** Resolves once the stream is open. */
export async function listen(stationUrl: string): Promise<Listener> {
  const source = new EventSource(`${stationUrl}/events?subject=resource.%3E&subject=longwave.v1.events.%3E`);
  const heard = new Map<string, number>();
  const gaps: string[] = [];
  let cursor = '';
  source.addEventListener('message', ({ data, lastEventId }) => {
    const { id } = message.parse(JSON.parse(String(data)));
    heard.set(id, (heard.get(id) ?? 0) + 1);
    cursor = lastEventId;
  });
  source.addEventListener('gap', ({ data }) => gaps.push(String(data)));
  await until('the event stream is open', async () => source.readyState === source.OPEN || 'not open', OPEN_WITHIN_MS);
  return { heard, gaps, cursor: () => cursor, close: () => source.close() };
}

/** The first event that a client with this cursor is sent, as text: a `gap` when the cursor is worth nothing. */
export async function firstEventAfter(stationUrl: string, cursor: string): Promise<string> {
  const response = await fetch(`${stationUrl}/events?subject=resource.%3E&subject=longwave.v1.events.%3E`, {
    headers: { accept: 'text/event-stream', 'last-event-id': cursor },
    signal: AbortSignal.timeout(OPEN_WITHIN_MS),
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let received = '';
  while (reader !== undefined && !/^event: ?\w+|^data:/m.test(received)) {
    const { value, done } = await reader.read();
    if (done) break;
    received += value;
  }
  await reader?.cancel();
  return /^event: ?(\w+)/m.exec(received)?.[1] ?? received;
}
