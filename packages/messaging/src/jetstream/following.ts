// The live tail of one stream: an ordered consumer that is started again, after the last message it gave, whenever
// anything happens to it. nats.js's own would repair some of that, but not notice that a stream was recreated or that a
// restored store has gone back; starting again always looks at the bounds first, so both are seen.
import { AckPolicy, DeliverPolicy, jetstreamManager, type ConsumerConfig } from '@nats-io/jetstream';
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import type { Log } from '../log.ts';
import type { StreamBounds, StreamFollowing, StreamListener } from '../ports.ts';
import { endsWithin, pause, type Time } from '../time.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { HeaderReader } from './header-reader.ts';
import type { Link } from './link.ts';
import { PullSession } from './pull-session.ts';
import { fromDelivered } from './stored-message.ts';

const RETRY_WAIT_MS = 250;
const PREFETCH = 1_000;
const ANSWER_WITHIN_MS = 5_000;
/** Longer than a follower needs to reconnect; after it the server drops a consumer that nobody pulls from. */
const INACTIVE_AFTER_MS = 30_000;
/** To tidy up behind us; the server does so by itself a little later. */
const DELETE_WITHIN_MS = 1_000;
const NANOSECONDS_PER_MS = 1_000_000;

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
  const { link, log, time, stream } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const listener = guarded(options.listener, log);
  let position: Position = { epoch: null, next: options.from };

  const attempt = async (): Promise<string> => {
    const connection = await link.whenUp(signal);
    const bounds = await unlessAborted(signal, options.bounds(stream));
    position = resume(position, bounds);
    return tail({ ...options, listener }, connection, position.next, signal, bounds, (next) => {
      position = { ...position, next };
    });
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const reason = await attempt().catch((error: unknown) =>
        error instanceof Error ? error.message : String(error),
      );
      if (signal.aborted) return;
      log.debug({ stream, reason }, 'following was interrupted');
      listener.onState({ state: 'interrupted', reason });
      await pause(time, RETRY_WAIT_MS, signal);
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

/** What a listener throws is its own affair: it must end neither the following nor the connection. */
function guarded(listener: StreamListener, log: Log): StreamListener {
  const guard =
    <T>(what: (value: T) => void) =>
    (value: T): void => {
      try {
        what(value);
      } catch (error) {
        log.error({ err: error }, 'the listener of a stream has thrown');
      }
    };
  return { onMessage: guard(listener.onMessage), onState: guard(listener.onState) };
}

type Position = { readonly epoch: number | null; readonly next: number };

/** Where to go on: in a new stream at its first message, in one that went back after its last. */
function resume(position: Position, bounds: StreamBounds): Position {
  if (position.epoch !== null && position.epoch !== bounds.epoch) return { epoch: bounds.epoch, next: bounds.first };
  return { epoch: bounds.epoch, next: Math.min(Math.max(position.next, bounds.first), bounds.last + 1) };
}

/** Delivers until something ends it; resolves with what that was. */
async function tail(
  { link, time, bounds, stream, listener }: Following,
  connection: NatsConnection,
  from: number,
  signal: AbortSignal,
  began: StreamBounds,
  onNext: (next: number) => void,
): Promise<string> {
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_WITHIN_MS });
  const { name: consumer } = await unlessAborted(signal, manager.consumers.add(stream, orderedConsumer(from)));
  // A stream that was recreated before the consumer was made would lend its messages the old epoch.
  const { epoch } = await unlessAborted(signal, bounds(stream));
  if (epoch !== began.epoch) return 'the stream was recreated';
  const ended = Promise.withResolvers<string>();
  const onAbort = (): void => ended.resolve('stopped');
  signal.addEventListener('abort', onAbort, { once: true });
  const unlisten = link.listen({ up: () => undefined, down: ended.resolve });
  listener.onState({ state: 'live', bounds: began });
  const headers = new HeaderReader();
  let expected = 1;
  const onDelivery = (message: Msg, bytes: number): void => {
    const { stored, consumerSequence } = fromDelivered(epoch, message, headers);
    if (consumerSequence !== expected) return ended.resolve('a message was lost on the way');
    expected += 1;
    onNext(stored.sequence + 1);
    listener.onMessage(stored);
    session.release(bytes);
  };
  const session = new PullSession(
    { connection, time, stream, consumer, prefetch: PREFETCH, onDelivery, onEnd: ended.resolve },
    { messages: 0, bytes: 0 },
  );
  const reason = await ended.promise;
  session.end();
  unlisten();
  signal.removeEventListener('abort', onAbort);
  if (link.connection() === connection)
    await endsWithin(time, DELETE_WITHIN_MS, manager.consumers.delete(stream, consumer));
  return reason;
}

/** In memory, without acknowledgements, gone soon after its reader: it costs the server next to nothing. */
function orderedConsumer(from: number): Partial<ConsumerConfig> {
  return {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: from,
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: INACTIVE_AFTER_MS * NANOSECONDS_PER_MS,
  };
}
