// Pulling from a durable consumer with exact flow control. nats.js's `consume` refills by what was delivered, not by
// what was settled, so a slow handler would collect everything the server lets it.
//
// U1  requested + held never exceeds `prefetch`.
// U2  a request that the server forgot (restart, lost reply, recreated consumer) is missed by its heartbeats and made
//     again.
// U3  after `stop` resolves nothing more is delivered, and nothing that was on its way is dropped unseen.
// U4  a settlement is remembered until a round trip has shown that the server has it; after a reconnect it is sent again.
import { jetstreamManager } from '@nats-io/jetstream';
import { createInbox, type Msg, type NatsConnection, type Subscription } from '@nats-io/nats-core';
import type { Delivery, DurableConsumers, Pull } from '../ports.ts';
import type { Time } from '../time.ts';
import type { Link } from './link.ts';
import { settlement } from './delivery-subject.ts';
import { fromDelivered } from './stored-message.ts';

const REQUEST_EXPIRES_MS = 30_000;
const HEARTBEAT_MS = 1_000;
/** The server sends a heartbeat a second while a request waits; three missing ones are no accident. */
const SILENCE_MAX_MS = 3_500;
const RETRY_WAIT_MS = 500;
const ANSWER_WITHIN_MS = 5_000;
const NANOSECONDS_PER_MS = 1_000_000;

const STATUS_HEARTBEAT = 100;
/** 404: nothing there; 408: it expired. Anything else (409, 503) is about the consumer, not the request. */
const REQUEST_ENDED = new Set([404, 408]);

type Session = {
  readonly connection: NatsConnection;
  readonly subscription: Subscription;
  readonly inbox: string;
};

/** What is published to settle a delivery, and where. */
type Settlement = { readonly reply: string; readonly how: string };

type PullOptions = Parameters<DurableConsumers['pull']>[2];

export function createConsumers(link: Link, time: Time): DurableConsumers {
  return {
    pull: (stream, consumer, options) => new Puller({ link, time, stream, consumer, options }),
  };
}

type Target = {
  readonly link: Link;
  readonly time: Time;
  readonly stream: string;
  readonly consumer: string;
  readonly options: PullOptions;
};

class Puller implements Pull {
  readonly #target: Target;
  readonly #unlisten: () => void;
  /** Settlements of which it is not known yet whether the server has them, in order. (U4) */
  readonly #unconfirmed: Settlement[] = [];
  #confirming = false;
  #session: Session | null = null;
  /** Messages asked for that have not arrived yet. */
  #requested = 0;
  /** Messages that have arrived and are not settled yet. */
  #held = 0;
  #epoch = 0;
  #heardAt = 0;
  #cancelTimer: () => void = () => undefined;
  #stopping: Promise<void> | null = null;

  constructor(target: Target) {
    this.#target = target;
    this.#unlisten = target.link.listen({
      up: (connection) => {
        for (const { reply, how } of this.#unconfirmed) connection.publish(reply, how); // (U4)
        if (!this.#confirming) void this.#confirm();
        void this.#begin(connection);
      },
      down: (reason) => this.#interrupt(reason),
    });
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#cancelTimer();
    this.#requested = 0;
    const subscription = this.#session?.subscription;
    // Draining, not unsubscribing: what the server has sent already still arrives, to be given back. (U3)
    if (subscription !== undefined && this.#target.link.connection() !== null) await subscription.drain();
    this.#unlisten();
  }

  /** Looks whether stream and consumer are there, then asks for messages. */
  async #begin(connection: NatsConnection): Promise<void> {
    const { stream, consumer, options } = this.#target;
    this.#interrupt(null);
    try {
      const manager = await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_WITHIN_MS });
      const { created } = await manager.streams.info(stream);
      const { config } = await manager.consumers.info(stream, consumer);
      if (this.#stopping !== null || this.#session !== null) return;
      const inbox = createInbox();
      const subscription = connection.subscribe(inbox, { callback: (_error, message) => this.#receive(message) });
      this.#session = { connection, subscription, inbox };
      this.#epoch = Date.parse(created);
      options.onState({ state: 'pulling', ackWaitMs: (config.ack_wait ?? 0) / NANOSECONDS_PER_MS });
      this.#heard();
      this.#request();
      this.#watch();
    } catch (error) {
      this.#interrupt(error instanceof Error ? error.message : String(error));
      this.#again(connection);
    }
  }

  #again(connection: NatsConnection): void {
    if (this.#stopping !== null || this.#target.link.connection() !== connection) return;
    this.#cancelTimer = this.#target.time.after(RETRY_WAIT_MS, () => void this.#begin(connection));
  }

  /** Ends the session; with a reason it is said. What is held stays held: its settlement is still wanted. */
  #interrupt(reason: string | null): void {
    this.#cancelTimer();
    this.#requested = 0;
    if (this.#session !== null && !this.#session.connection.isClosed()) this.#session.subscription.unsubscribe();
    this.#session = null;
    if (reason !== null && this.#stopping === null) this.#target.options.onState({ state: 'interrupted', reason });
  }

  #request(): void {
    const session = this.#session;
    if (session === null || this.#stopping !== null) return;
    const { stream, consumer, options } = this.#target;
    const batch = options.prefetch - this.#requested - this.#held; // (U1)
    // A request for every single place that becomes free would double the traffic.
    const worthIt = this.#requested === 0 ? 1 : Math.ceil(options.prefetch / 2);
    if (batch < worthIt) return;
    this.#requested += batch;
    const expires = REQUEST_EXPIRES_MS * NANOSECONDS_PER_MS;
    const request = { batch, expires, idle_heartbeat: HEARTBEAT_MS * NANOSECONDS_PER_MS };
    const reply = session.inbox;
    session.connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, JSON.stringify(request), { reply });
  }

  #receive(message: Msg): void {
    this.#heard();
    const code = message.headers?.code ?? 0;
    if (code === STATUS_HEARTBEAT) return;
    if (code === 0) return this.#deliver(message);
    // A request that ends says how much of it was not delivered.
    const undelivered = Number.parseInt(message.headers?.get('Nats-Pending-Messages') ?? '', 10);
    if (REQUEST_ENDED.has(code) && !Number.isNaN(undelivered)) {
      this.#requested = Math.max(0, this.#requested - undelivered);
      return this.#request();
    }
    // No responders, or the consumer was deleted: look again from the start.
    const connection = this.#session?.connection;
    this.#interrupt(`${code} ${message.headers?.description ?? ''}`.trim());
    if (connection !== undefined) this.#again(connection);
  }

  #deliver(message: Msg): void {
    this.#requested = Math.max(0, this.#requested - 1);
    this.#held += 1;
    this.#target.options.onDelivery(this.#delivery(message));
    this.#request();
  }

  #delivery(message: Msg): Delivery {
    const settle = (how: string): void => {
      this.#held -= 1;
      this.#send({ reply: message.reply ?? '', how });
      this.#request();
    };
    return {
      ...fromDelivered(this.#epoch, message),
      acknowledge: () => settle(settlement.acknowledge),
      giveBack: (delayMs) => settle(settlement.giveBack(delayMs)),
      terminate: (reason) => settle(settlement.terminate(reason)),
      // While the broker is away there is no lease to renew; the message is delivered again, and its effect is known.
      renew: () => this.#target.link.connection()?.publish(message.reply ?? '', settlement.renew),
    };
  }

  #send(what: Settlement): void {
    this.#unconfirmed.push(what);
    this.#target.link.connection()?.publish(what.reply, what.how);
    if (!this.#confirming) void this.#confirm();
  }

  /** One round trip at a time, for everything that was sent before it. (U4) */
  async #confirm(): Promise<void> {
    this.#confirming = true;
    for (
      let connection = this.#target.link.connection();
      connection !== null;
      connection = this.#target.link.connection()
    ) {
      const count = this.#unconfirmed.length;
      if (count === 0) break;
      try {
        await connection.flush();
        this.#unconfirmed.splice(0, count);
      } catch {
        break; // the connection was lost; what is unconfirmed is sent again when it is back
      }
    }
    this.#confirming = false;
  }

  #heard(): void {
    this.#heardAt = this.#target.time.now().getTime();
  }

  /** (U2) */
  #watch(): void {
    this.#cancelTimer = this.#target.time.after(HEARTBEAT_MS, () => {
      const session = this.#session;
      if (session === null) return;
      const silentMs = this.#target.time.now().getTime() - this.#heardAt;
      if (this.#requested > 0 && silentMs > SILENCE_MAX_MS) void this.#begin(session.connection);
      else this.#watch();
    });
  }
}
