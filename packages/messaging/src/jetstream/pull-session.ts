// Pulling from one consumer over one connection, with exact flow control. nats.js's `consume` refills by what was
// delivered, not by what was settled, so a slow handler would collect everything the server lets it; and it takes a
// message for a status of the server when its publisher wrote one into its header.
//
// U1  requested + held never exceeds `prefetch`.
// U2  a request that the server forgot (restart, lost reply, recreated consumer) is missed by its heartbeats and ends the
//     session.
// U5  what was delivered is told from what the server says by the reply subject, which no publisher can choose.
import { createInbox, type Msg, type NatsConnection, type Subscription } from '@nats-io/nats-core';
import { endsWithin, type Time } from '../time.ts';
import { isDelivery } from './delivery-subject.ts';
import { subscribe } from './subscribe.ts';

const REQUEST_EXPIRES_MS_DEFAULT = 30_000;
const HEARTBEAT_MS = 1_000;
/** The server sends a heartbeat a second while a request waits; more than three missing ones are no accident. */
const SILENT_HEARTBEATS_MAX = 3;
const NANOSECONDS_PER_MS = 1_000_000;

const STATUS_HEARTBEAT = 100;
/** 404: nothing there; 408: it expired. Anything else (409, 503) is about the consumer, not the request. */
const REQUEST_ENDED = new Set([404, 408]);

export type PullSessionOptions = {
  readonly connection: NatsConnection;
  readonly time: Time;
  readonly stream: string;
  readonly consumer: string;
  readonly prefetch: number;
  /** How long the server may keep a request; default 30 s. */
  readonly requestExpiresMs?: number;
  /** Whether anything may be asked for now. */
  readonly mayRequest?: () => boolean;
  /** Held by whoever is called, until `release`. */
  readonly onDelivery: (message: Msg) => void;
  /** The consumer does not answer as it should; called once, after which nothing more is delivered. */
  readonly onEnd: (reason: string) => void;
};

export class PullSession {
  readonly #options: PullSessionOptions;
  readonly #inbox = createInbox();
  readonly #subscription: Subscription;
  #state: 'pulling' | 'draining' | 'ended' = 'pulling';
  /** Messages asked for that have not arrived yet. */
  #requested = 0;
  /** Messages that have arrived and were not released yet. */
  #held: number;
  /** Heartbeats that should have come since the server was last heard. */
  #silentHeartbeats = 0;
  #cancelWatch: () => void = () => undefined;

  /** `held`: what the caller still holds from an earlier session. */
  constructor(options: PullSessionOptions, held: number) {
    this.#options = options;
    this.#held = held;
    const onFailure = (error: unknown): void => this.#fail(error instanceof Error ? error.message : String(error));
    this.#subscription = subscribe(options.connection, this.#inbox, (message) => this.#receive(message), onFailure);
    this.#request();
    this.#watch();
  }

  /** One of the held messages needs its place no more. */
  release(): void {
    this.#held -= 1;
    this.#request();
  }

  /** Asks for no more; what the server has sent already is delivered before this resolves, unless it hangs. */
  async drain(withinMs: number): Promise<void> {
    if (this.#state !== 'pulling') return;
    this.#state = 'draining';
    this.#cancelWatch();
    await endsWithin(this.#options.time, withinMs, this.#subscription.drain());
  }

  /** Delivers nothing more, at once. */
  end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#cancelWatch();
    if (!this.#options.connection.isClosed()) this.#subscription.unsubscribe();
  }

  #request(): void {
    const { connection, stream, consumer, prefetch, mayRequest } = this.#options;
    const batch = prefetch - this.#requested - this.#held; // (U1)
    // A request for every single place that becomes free would double the traffic.
    const worthIt = this.#requested === 0 ? 1 : Math.ceil(prefetch / 2);
    if (batch < worthIt || this.#state !== 'pulling' || connection.isClosed() || mayRequest?.() === false) return;
    // While nothing was asked for nothing was to be heard.
    if (this.#requested === 0) this.#silentHeartbeats = 0;
    this.#requested += batch;
    const request = { batch, ...timesOf(this.#options.requestExpiresMs) };
    const subject = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`;
    connection.publish(subject, JSON.stringify(request), { reply: this.#inbox });
  }

  #receive(message: Msg): void {
    if (this.#state === 'ended') return;
    this.#silentHeartbeats = 0;
    if (isDelivery(message.reply)) this.#deliver(message); // (U5)
    else this.#heed(message);
  }

  #deliver(message: Msg): void {
    this.#requested = Math.max(0, this.#requested - 1);
    this.#held += 1;
    this.#options.onDelivery(message);
    this.#request();
  }

  /** What the server says about a request. */
  #heed(message: Msg): void {
    const code = message.headers?.code ?? 0;
    if (code === STATUS_HEARTBEAT) return;
    // A request that ends says how much of it was not delivered.
    const undelivered = Number.parseInt(message.headers?.get('Nats-Pending-Messages') ?? '', 10);
    if (!REQUEST_ENDED.has(code) || Number.isNaN(undelivered)) {
      return this.#fail(`${code} ${message.headers?.description ?? ''}`.trim());
    }
    this.#requested = Math.max(0, this.#requested - undelivered);
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
      if (this.#requested > 0 && this.#silentHeartbeats > SILENT_HEARTBEATS_MAX) this.#fail('no heartbeat came');
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
