// What of this service is in traces, where there is somewhere to send them: what the streams bring, one span for all that
// one read of the connection brings, linked to what created each message; and requests that are answered. A delivery to a
// client has none (there are a hundred thousand a second), nor has a stream of events: its age is no latency.
import type { StreamListener, StreamReader } from '@longwave/messaging';
import type { StoredMessage } from '@longwave/messaging/contract';
import type { MessageTracing } from '@longwave/messaging/opentelemetry';
import type { Tracing } from '@longwave/runtime';

/** Named as the consumer of each stream, which has no name of its own. */
const GROUP = 'sse-proxy';

/** The span lasts until the clients have been given what is new, or as many of them as a first turn reaches. */
export function tracedReader(reader: StreamReader, spans: MessageTracing): StreamReader {
  return {
    ...reader,
    follow: (stream, from, listener) => {
      const give = spans.batchHandler({ stream, consumer: GROUP }, afterThisTurn);
      return reader.follow(stream, from, inBatches(listener, give));
    },
  };
}

/** Requests but for streams of events. */
export function requestTracing(tracing: Tracing): Tracing {
  return {
    ...tracing,
    openRequest: (request) => {
      const span = tracing.openRequest(request);
      if (request.path !== '/events') return span;
      // One that is not ended is not exported. What is refused is a request like any other.
      return { ...span, end: (answer) => (answer.status === 200 ? undefined : span.end(answer)) };
    },
  };
}

function inBatches(
  listener: StreamListener,
  give: (messages: readonly StoredMessage[]) => Promise<void>,
): StreamListener {
  let batch: StoredMessage[] = [];
  const open = (): void => {
    const messages = batch;
    batch = [];
    void give(messages);
  };
  return {
    ...listener,
    onMessage: (message) => {
      // When all that the read brought has been received, and before the clients are given it.
      if (batch.push(message) === 1) process.nextTick(open);
      listener.onMessage(message);
    },
  };
}

/** It never fails, so neither does whoever waits for it. */
function afterThisTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
