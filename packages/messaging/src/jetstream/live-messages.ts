// Core NATS as the port for live messages: what nobody keeps, over the link that everything else uses.
//
// L1  nothing goes into a closed socket: nats.js would take it without an error and drop it.
// L2  a queue group is a checked name: nats.js writes it into the protocol as it is, line breaks and all.
import type { Msg, NatsConnection, Subscription } from '@nats-io/nats-core';
import { parseFilter } from '../contract/filter.ts';
import type { Headers } from '../contract/metadata.ts';
import { checkName } from '../contract/name.ts';
import { complaintAboutSubject } from '../contract/sendable.ts';
import type { Log } from '../log.ts';
import type { LiveArrival, LiveMessage, LiveMessages, LiveSubscription } from '../ports.ts';
import { endsWithin, type Time } from '../time.ts';
import { connectionWithin } from './connection-within.ts';
import { messageFrame, sendFrame } from './frame.ts';
import { HeaderReader } from './header-reader.ts';
import type { Link } from './link.ts';
import { subscribe } from './subscribe.ts';

/** What was on its way is there within one round trip; a server that hangs is not waited for. */
const DRAIN_WITHIN_MS = 2_000;
const NO_RESPONDERS = 503;

export function createLiveMessages(link: Link, log: Log, time: Time): LiveMessages {
  return {
    send: (message) => {
      const connection = link.connection();
      if (connection === null || connection.isClosed()) return false; // (L1)
      sendFrame(connection, messageFrame(checked(message), connection.info?.max_payload ?? Infinity));
      return true;
    },
    subscribe: (filter, group, onMessage) => {
      const queue = group === null ? undefined : checkName(group); // (L2)
      return new Receiving(link, log, time, { filter: parseFilter(filter).text, queue, onMessage });
    },
    listen: (listener) => link.listen(listener),
    roundTrip: async (withinMs) => {
      try {
        const connection = await connectionWithin(link, time, withinMs);
        const flushed = connection.flush().then(
          () => true,
          () => false,
        );
        return (await endsWithin(time, withinMs, flushed)) && (await flushed);
      } catch {
        return false; // there was no connection within that time
      }
    },
  };
}

/** nats.js would write line breaks into its protocol as they are. Throws TypeError. */
function checked(message: LiveMessage): LiveMessage {
  const { subject, replyTo = '' } = message;
  const complaint = complaintAboutSubject(subject) ?? (replyTo === '' ? null : complaintAboutSubject(replyTo));
  if (complaint !== null) throw new TypeError(complaint);
  return message;
}

type Target = {
  readonly filter: string;
  readonly queue: string | undefined;
  readonly onMessage: (arrival: LiveArrival) => void;
};

class Receiving implements LiveSubscription {
  readonly #link: Link;
  readonly #log: Log;
  readonly #time: Time;
  readonly #target: Target;
  readonly #unlisten: () => void;
  readonly #headers = new HeaderReader();
  #subscription: Subscription | null = null;
  #refusal: string | null = null;
  #stopping: Promise<void> | null = null;

  constructor(link: Link, log: Log, time: Time, target: Target) {
    this.#link = link;
    this.#log = log;
    this.#time = time;
    this.#target = target;
    this.#unlisten = link.listen({ up: (connection) => this.#up(connection), down: () => undefined });
  }

  refusal(): string | null {
    return this.#refusal;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#unlisten();
    const subscription = this.#subscription;
    if (subscription === null || subscription.isClosed()) return;
    if (this.#link.connection() === null) return subscription.unsubscribe();
    await endsWithin(this.#time, DRAIN_WITHIN_MS, subscription.drain());
  }

  /** nats.js repeats its subscriptions after a reconnect; a new connection, or a refusal, needs a new one. */
  #up(connection: NatsConnection): void {
    if (this.#subscription !== null && !this.#subscription.isClosed()) return;
    const { filter, queue } = this.#target;
    this.#refusal = null;
    const refused = (error: unknown): void => {
      this.#refusal = error instanceof Error ? error.message : String(error);
      this.#log.error({ err: error, filter }, 'nats-server refuses a subscription');
    };
    this.#subscription = subscribe(connection, filter, (message) => this.#hand(message), refused, queue);
  }

  #hand(message: Msg): void {
    try {
      this.#target.onMessage(new Arrival(message, this.#headers));
    } catch (error) {
      this.#log.error({ err: error, subject: message.subject }, 'the receiver of a live message has thrown');
    }
  }
}

/** Headers are turned into a plain value when they are asked for: of most replies only two are looked at. */
class Arrival implements LiveArrival {
  readonly subject: string;
  readonly replyTo?: string;
  readonly #message: Msg;
  readonly #reader: HeaderReader;
  #headers: Headers | null = null;

  constructor(message: Msg, reader: HeaderReader) {
    this.#message = message;
    this.#reader = reader;
    this.subject = message.subject;
    if (message.reply !== undefined && message.reply !== '') this.replyTo = message.reply;
  }

  get payload(): Uint8Array {
    return this.#message.data;
  }

  get headers(): Headers {
    this.#headers ??= this.#reader.read(this.#message);
    return this.#headers;
  }

  get nobodyListens(): boolean {
    return this.payload.byteLength === 0 && this.#message.headers?.code === NO_RESPONDERS;
  }
}
