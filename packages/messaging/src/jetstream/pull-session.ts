// Pulling from one consumer over one connection, with exact flow control. nats.js's `consume` refills by what was
// delivered, not by what was settled, so a slow handler would collect everything the server lets it; and it takes a
// message for a status of the server when its publisher wrote one into its header.
//
// U2  a request that the server forgot (restart, lost reply, recreated consumer) is missed by its heartbeats and ends the
//     session.
// U5  what was delivered is told from what the server says by the reply subject, which no publisher can choose.
import { MsgImpl } from '@nats-io/nats-core/internal';
import { createInbox, type Msg, type NatsConnection, type Subscription } from '@nats-io/nats-core';
import { errorTypeOf } from '../observe/error-type.ts';
import { endsWithin, type Time } from '../time.ts';
import { isDelivery } from './delivery-subject.ts';
import { PullBudget, type PullRequest } from './pull-budget.ts';
import { subscribe } from './subscribe.ts';

const REQUEST_EXPIRES_MS_DEFAULT = 30_000;
const HEARTBEAT_MS = 1_000;
/** The server sends a heartbeat a second while a request waits; more than three missing ones are no accident. */
const SILENT_HEARTBEATS_MAX = 3;
/** Eight messages as large as most servers take: enough to be at work while the next ones come. */
const PREFETCH_BYTES_DEFAULT = 8 * 1024 * 1024;
const NANOSECONDS_PER_MS = 1_000_000;

const STATUS_HEARTBEAT = 100;
/** 404: nothing there; 408: it expired. Anything else (409, 503) is about the consumer, not the request. */
const REQUEST_ENDED = new Set([404, 408]);
const STATUS_CONFLICT = 409;
/** The two things that a 409 says of a request with `max_bytes`. */
const COMPLETED = 'Batch Completed';
const TOO_LARGE = 'Message Size Exceeds MaxBytes';

export type PullSessionOptions = {
  readonly connection: NatsConnection;
  readonly time: Time;
  readonly stream: string;
  readonly consumer: string;
  readonly prefetch: number;
  /** Default 8 MiB. */
  readonly prefetchBytes?: number | undefined;
  /** How long the server may keep a request; default 30 s. */
  readonly requestExpiresMs?: number;
  /** Whether anything may be asked for now. */
  readonly mayRequest?: () => boolean;
  /** Held by whoever is called, until `release` of so many bytes. */
  readonly onDelivery: (message: Msg, bytes: number) => void;
  /** The consumer does not answer as it should; called once, after which nothing more is delivered. */
  readonly onEnd: (reason: string) => void;
};

export class PullSession {
  readonly #options: PullSessionOptions;
  readonly #inbox = createInbox();
  readonly #subscription: Subscription;
  #state: 'pulling' | 'draining' | 'ended' = 'pulling';
  readonly #budget: PullBudget;
  /** Heartbeats that should have come since the server was last heard. */
  #silentHeartbeats = 0;
  #cancelWatch: () => void = () => undefined;
  /** While it drains: that nothing is requested any more. */
  readonly #answered = Promise.withResolvers<void>();

  /** `held`: what the caller still holds from an earlier session. */
  constructor(options: PullSessionOptions, held: { readonly messages: number; readonly bytes: number }) {
    this.#options = options;
    const { prefetch, prefetchBytes = PREFETCH_BYTES_DEFAULT } = options;
    this.#budget = new PullBudget({ prefetch, prefetchBytes }, held);
    const onFailure = (error: unknown): void => this.#fail(`a delivery failed (${errorTypeOf(error)})`);
    this.#subscription = subscribe(
      options.connection,
      `${this.#inbox}.*`,
      (message) => this.#receive(message),
      onFailure,
    );
    this.#request();
    this.#watch();
  }

  /** One of the held messages needs its place no more. */
  release(bytes: number): void {
    this.#budget.released(bytes);
    this.#request();
  }

  /** Asks for no more; what the server has sent already is delivered before this resolves, unless it hangs. */
  async drain(withinMs: number): Promise<void> {
    if (this.#state !== 'pulling') return;
    this.#state = 'draining';
    this.#cancelWatch();
    const { time, requestExpiresMs } = this.#options;
    // To unsubscribe from a request that waits loses what the server sends at that moment, until the ack wait is over. A
    // short one is waited for.
    if (requestExpiresMs !== undefined && this.#budget.requested > 0)
      await endsWithin(time, withinMs, this.#answered.promise);
    await endsWithin(time, withinMs, this.#subscription.drain());
  }

  /** Delivers nothing more, at once. */
  end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#cancelWatch();
    if (!this.#options.connection.isClosed()) this.#subscription.unsubscribe();
  }

  #request(): void {
    const { connection, mayRequest } = this.#options;
    while (this.#state === 'pulling' && !connection.isClosed() && mayRequest?.() !== false) {
      // While nothing was asked for nothing was to be heard.
      if (this.#budget.requested === 0) this.#silentHeartbeats = 0;
      const next = this.#budget.next();
      if (next === null) return;
      this.#send(next.number, next.request);
    }
  }

  #send(number: number, request: PullRequest): void {
    const { connection, stream, consumer, requestExpiresMs } = this.#options;
    const subject = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`;
    const payload = JSON.stringify({ ...request, ...timesOf(requestExpiresMs) });
    connection.publish(subject, payload, { reply: `${this.#inbox}.${number}` });
  }

  #receive(message: Msg): void {
    if (this.#state === 'ended') return;
    this.#silentHeartbeats = 0;
    if (isDelivery(message.reply)) this.#deliver(message); // (U5)
    else this.#heed(message);
    if (this.#state === 'draining' && this.#budget.requested === 0) this.#answered.resolve();
  }

  #deliver(message: Msg): void {
    const bytes = sizeOf(message);
    this.#budget.delivered(bytes);
    this.#options.onDelivery(message, bytes);
    this.#request();
  }

  /** What the server says about a request. */
  #heed(message: Msg): void {
    const { code = 0, description = '' } = message.headers ?? {};
    if (code === STATUS_HEARTBEAT) return;
    const isTooLarge = code === STATUS_CONFLICT && description === TOO_LARGE;
    const hasEnded = REQUEST_ENDED.has(code) || isTooLarge || (code === STATUS_CONFLICT && description === COMPLETED);
    const messages = leftOf(message, 'Nats-Pending-Messages');
    if (!hasEnded || Number.isNaN(messages)) return this.#fail(`${code} ${description}`.trim());
    const bytes = leftOf(message, 'Nats-Pending-Bytes') || 0;
    const number = Number(message.subject.slice(this.#inbox.length + 1));
    this.#budget.ended(number, { messages, bytes }, isTooLarge);
    this.#request();
  }

  #fail(reason: string): void {
    if (this.#state !== 'pulling') return;
    this.end();
    this.#options.onEnd(reason);
  }

  /** (U2) */
  #watch(): void {
    this.#cancelWatch = this.#options.time.after(HEARTBEAT_MS, () => {
      this.#silentHeartbeats += 1;
      if (this.#budget.requested > 0 && this.#silentHeartbeats > SILENT_HEARTBEATS_MAX) this.#fail('no heartbeat came');
      else if (this.#state === 'pulling') this.#watch();
    });
  }
}

/** On the wire. The server wants at least two heartbeats within a request. */
function timesOf(expiresMs = REQUEST_EXPIRES_MS_DEFAULT): {
  readonly expires: number;
  readonly idle_heartbeat: number;
} {
  const heartbeatMs = Math.min(HEARTBEAT_MS, Math.floor(expiresMs / 3));
  return { expires: expiresMs * NANOSECONDS_PER_MS, idle_heartbeat: heartbeatMs * NANOSECONDS_PER_MS };
}

/** A request that ends says how much of it was not delivered. */
function leftOf(message: Msg, header: string): number {
  return Number.parseInt(message.headers?.get(header) ?? '', 10);
}

/** As the server counts it: subject, reply subject, headers and payload. */
function sizeOf(message: Msg): number {
  return message instanceof MsgImpl ? message.size() : message.data.byteLength;
}
