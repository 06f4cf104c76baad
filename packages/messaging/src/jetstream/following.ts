// The live tail of one stream: an ordered consumer that is started again, after the last message it gave, whenever
// anything happens to it. nats.js would repair some of that by itself, but not notice that a stream was recreated or
// that a restored store has gone back; starting again always looks at the bounds first, so both are seen.
import { DeliverPolicy, jetstream, type ConsumerMessages } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Log } from '../log.ts';
import type { StreamBounds, StreamFollowing, StreamListener } from '../ports.ts';
import { pause, type Time } from '../time.ts';
import type { Link } from './link.ts';
import { fromConsumed } from './stored-message.ts';

const RETRY_WAIT_MS = 250;
const PREFETCH = 1_000;

type Following = {
  readonly link: Link;
  readonly log: Log;
  readonly time: Time;
  readonly bounds: (stream: string) => Promise<StreamBounds>;
  readonly stream: string;
  readonly from: number;
  readonly listener: StreamListener;
};

/** See `StreamReader.follow`. */
export function follow(options: Following): StreamFollowing {
  const { link, log, time, stream, listener } = options;
  const stopping = new AbortController();
  let position: Position = { epoch: null, next: options.from };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        const connection = await link.whenUp(stopping.signal);
        const bounds = await options.bounds(stream);
        position = resume(position, bounds);
        const reason = await tail(options, connection, position.next, stopping.signal, bounds, (next) => {
          position = { ...position, next };
        });
        if (!stopping.signal.aborted) listener.onState({ state: 'interrupted', reason });
      } catch (error) {
        if (stopping.signal.aborted) return;
        log.debug({ stream, error }, 'the stream cannot be followed now');
        listener.onState({ state: 'interrupted', reason: error instanceof Error ? error.message : String(error) });
      }
      await pause(time, RETRY_WAIT_MS, stopping.signal);
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping.abort(new Error('following was stopped'));
      await running;
    },
  };
}

type Position = { readonly epoch: number | null; readonly next: number };

/** Where to go on: in a new stream at its first message, in one that went back after its last. */
function resume(position: Position, bounds: StreamBounds): Position {
  if (position.epoch !== null && position.epoch !== bounds.epoch) return { epoch: bounds.epoch, next: bounds.first };
  return { epoch: bounds.epoch, next: Math.min(Math.max(position.next, bounds.first), bounds.last + 1) };
}

/** Delivers until something ends it; resolves with what that was. */
async function tail(
  { link, stream, listener }: Following,
  connection: NatsConnection,
  from: number,
  signal: AbortSignal,
  bounds: StreamBounds,
  onNext: (next: number) => void,
): Promise<string> {
  const consumer = await jetstream(connection).consumers.get(stream, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: from,
  });
  const ended = Promise.withResolvers<string>();
  const onAbort = (): void => ended.resolve('stopped');
  signal.addEventListener('abort', onAbort, { once: true });
  const unlisten = link.listen({ up: () => undefined, down: (reason) => ended.resolve(reason) });
  listener.onState({ state: 'live', bounds });
  const messages = await consumer.consume({
    max_messages: PREFETCH,
    callback: (message) => {
      onNext(message.seq + 1);
      listener.onMessage(fromConsumed(stream, bounds.epoch, message));
    },
  });
  void watch(messages, ended.resolve);
  const reason = await ended.promise;
  unlisten();
  signal.removeEventListener('abort', onAbort);
  messages.stop();
  // It is ephemeral: a server that is away removes it by itself a little later.
  if (link.connection() === connection) await consumer.delete().catch(() => false);
  return reason;
}

/** What nats.js would go on with silently, although the stream may not be the same any more. */
async function watch(messages: ConsumerMessages, end: (reason: string) => void): Promise<void> {
  for await (const notification of messages.status()) {
    const { type } = notification;
    if (type === 'consumer_deleted' || type === 'consumer_not_found' || type === 'stream_not_found') end(type);
    if (type === 'heartbeats_missed' || type === 'ordered_consumer_recreated') end(type);
  }
  end('the consumer was closed');
}
