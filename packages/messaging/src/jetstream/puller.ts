// A durable consumer's messages, for as long as somebody wants them: over reconnects, and over a consumer that vanishes
// and comes back.
//
// U3  after `stop` resolves nothing more is delivered, and nothing that was on its way is dropped unseen.
// U4  a settlement is remembered until a round trip has shown that the server has it; after a reconnect it is sent again,
//     also after `stop`.
// U6  a message's epoch is that of the stream it was delivered from: deliveries of a consumer that was made anew under
//     the same name are not handed over before the stream has been looked at again.
// U7  a receiver that throws gets its message again later; the others flow.
// U8  a name is checked before it is part of a subject: the acknowledgements of a durable `p%2Eq` reach nobody.
// U10 nothing is asked for from a consumer by which messages would be lost: that it cannot be used is said instead.
import { jetstreamManager } from '@nats-io/jetstream';
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { checkName } from '../contract/name.ts';
import type { Log } from '../log.ts';
import type { StoredMessage } from '../contract/decode.ts';
import type { Delivery, DurableConsumers, Pull, PullOptions } from '../ports.ts';
import type { Time } from '../time.ts';
import { settlement } from './delivery-subject.ts';
import { HeaderReader } from './header-reader.ts';
import { interruptionOf } from './interruption.ts';
import type { Link } from './link.ts';
import { PullSession } from './pull-session.ts';
import { sendWhenUp } from './send-when-up.ts';
import { SettlementLog, type Settlement } from './settlement-log.ts';
import { fromDelivered, type Delivered } from './stored-message.ts';
import { unfitnessOf } from './unfit-consumer.ts';

const RETRY_WAIT_MS = 500;
const ANSWER_WITHIN_MS = 5_000;
/** What was on its way is there within one round trip; a server that hangs may keep it until its ack wait is over. */
const DRAIN_WITHIN_MS = 2_000;
const NANOSECONDS_PER_MS = 1_000_000;

export function createConsumers(link: Link, log: Log, time: Time): DurableConsumers {
  return { pull: (stream, consumer, options) => new Puller({ link, log, time, stream, consumer, options }) };
}

export type PullTarget = {
  readonly link: Link;
  readonly log: Log;
  readonly time: Time;
  readonly stream: string;
  readonly consumer: string;
  readonly options: PullOptions;
  /** How long the server may keep a request; default 30 s. */
  readonly requestExpiresMs?: number;
  /** Whether anything may be asked for now. */
  readonly mayRequest?: () => boolean;
};

export class Puller implements Pull {
  readonly #target: PullTarget;
  readonly #settlements: SettlementLog;
  readonly #unlisten: () => void;
  #session: PullSession | null = null;
  #lastSettlement: Settlement | null = null;
  /** Counts the beginnings: one that was overtaken by another, or by a stop, has nothing more to say. */
  #beginning = 0;
  /** Deliveries that are not settled yet, of this session and of those before. */
  readonly #held = { messages: 0, bytes: 0 };
  #cancelRetry: () => void = () => undefined;
  #stopping: Promise<void> | null = null;

  constructor(target: PullTarget) {
    checkName(target.stream); // (U8)
    checkName(target.consumer);
    this.#target = target;
    this.#settlements = new SettlementLog(target.link);
    this.#unlisten = target.link.listen({
      up: (connection) => void this.#begin(connection),
      down: () => this.#interrupted('nats-server is away'),
    });
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Whether, within `withinMs`, the server has worked through all that was said of the messages of this pull. */
  async hasSettled(withinMs: number): Promise<boolean> {
    const connection = this.#target.link.connection();
    if (this.#lastSettlement === null) return true;
    if (connection === null) return false;
    // It takes what is said of a consumer's messages in order, answers who asks for an answer, and ignores what it knows.
    const { reply, how } = this.#lastSettlement;
    return connection.request(reply, how, { timeout: withinMs }).then(
      () => true,
      () => false,
    );
  }

  async #stop(): Promise<void> {
    this.#beginning += 1;
    this.#cancelRetry();
    if (this.#target.link.connection() !== null) await this.#session?.drain(DRAIN_WITHIN_MS); // (U3)
    this.#session?.end();
    this.#session = null;
    this.#unlisten();
  }

  /** Looks whether stream and consumer are there, then asks for messages. */
  async #begin(connection: NatsConnection): Promise<void> {
    const { stream, consumer, options } = this.#target;
    const beginning = ++this.#beginning;
    this.#session?.end();
    this.#session = null;
    this.#cancelRetry();
    try {
      const manager = await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_WITHIN_MS });
      // In this order: a consumer goes with its stream, so one that is there belongs to this epoch or is gone. (U6)
      const { config } = await manager.consumers.info(stream, consumer);
      const { created } = await manager.streams.info(stream);
      if (beginning !== this.#beginning) return;
      const unfitness = unfitnessOf(config);
      if (unfitness !== null)
        return this.#retry(connection, `the consumer ${consumer} on ${stream} cannot be used: ${unfitness}`); // (U10)
      this.#session = this.#open(connection, Date.parse(created));
      options.onState({ state: 'pulling', ackWaitMs: (config.ack_wait ?? 0) / NANOSECONDS_PER_MS });
    } catch (error) {
      if (beginning !== this.#beginning) return;
      this.#target.log.debug({ err: error, stream, consumer }, 'pulling could not begin');
      this.#retry(connection, interruptionOf(error, this.#target));
    }
  }

  #open(connection: NatsConnection, epoch: number): PullSession {
    const { options } = this.#target;
    const onEnd = (reason: string): void => this.#retry(connection, reason);
    const headers = new HeaderReader();
    let delivered = 0;
    const onDelivery = (message: Msg, bytes: number): void => {
      const reply = message.reply ?? '';
      const arrived = fromDelivered(epoch, message, headers);
      if (arrived.consumerSequence <= delivered) {
        this.#settlements.send({ reply, how: settlement.giveBack(RETRY_WAIT_MS) });
        return onEnd('the consumer was made anew'); // (U6) ends the session
      }
      delivered = arrived.consumerSequence;
      this.#handOver(reply, arrived, bytes);
    };
    const { prefetch, prefetchBytes } = options;
    return new PullSession({ ...this.#target, connection, prefetch, prefetchBytes, onDelivery, onEnd }, this.#held);
  }

  #retry(connection: NatsConnection, reason: string): void {
    this.#interrupted(reason);
    // A connection that is gone is heard of as `up` when it is back.
    if (this.#stopping !== null || this.#target.link.connection() !== connection) return;
    this.#cancelRetry = this.#target.time.after(RETRY_WAIT_MS, () => void this.#begin(connection));
  }

  /** What is held stays held: its settlement is still wanted. */
  #interrupted(reason: string): void {
    this.#cancelRetry();
    this.#session?.end();
    this.#session = null;
    if (this.#stopping === null) this.#target.options.onState({ state: 'interrupted', reason });
  }

  #handOver(reply: string, { stored, deliveryCount }: Delivered, bytes: number): void {
    const { link, log, options } = this.#target;
    this.#held.messages += 1;
    this.#held.bytes += bytes;
    const settle = (how: Settlement['how']): void => this.#settle({ reply, how }, bytes);
    const delivery = new HeldDelivery(link, stored, deliveryCount, reply, settle);
    try {
      options.onDelivery(delivery);
    } catch (error) {
      log.error(
        { err: error, subject: stored.subject },
        'the receiver of a delivery has thrown; it is delivered again',
      ); // (U7)
      delivery.giveBack(RETRY_WAIT_MS);
    }
  }

  #settle(settlement: Settlement, bytes: number): void {
    this.#held.messages -= 1;
    this.#held.bytes -= bytes;
    this.#lastSettlement = settlement;
    this.#settlements.send(settlement);
    this.#session?.release(bytes);
  }
}

/** There are as many as messages: methods that they share cost less than functions of each. */
class HeldDelivery implements Delivery {
  readonly stored: StoredMessage;
  readonly deliveryCount: number;
  readonly #link: Link;
  readonly #reply: string;
  readonly #settle: (how: Settlement['how']) => void;
  #isSettled = false;

  constructor(
    link: Link,
    stored: StoredMessage,
    deliveryCount: number,
    reply: string,
    settle: (how: Settlement['how']) => void,
  ) {
    this.stored = stored;
    this.deliveryCount = deliveryCount;
    this.#link = link;
    this.#reply = reply;
    this.#settle = settle;
  }

  acknowledge(): void {
    this.#once(settlement.acknowledge);
  }

  giveBack(delayMs: number): void {
    this.#once(settlement.giveBack(delayMs));
  }

  terminate(reason: string): void {
    this.#once(settlement.terminate(reason));
  }

  /** While the broker is away there is no lease to renew; the message is delivered again, and its effect is known. */
  renew(): void {
    if (!this.#isSettled) sendWhenUp(this.#link, this.#reply, settlement.renew);
  }

  #once(how: Settlement['how']): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#settle(how);
  }
}
