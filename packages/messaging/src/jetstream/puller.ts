// A durable consumer's messages, for as long as somebody wants them: over reconnects, and over a consumer that vanishes
// and comes back.
//
// U3  after `stop` resolves nothing more is delivered, and nothing that was on its way is dropped unseen.
// U4  a settlement is remembered until a round trip has shown that the server has it; after a reconnect it is sent again.
import { jetstreamManager } from '@nats-io/jetstream';
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import type { Delivery, DurableConsumers, Pull } from '../ports.ts';
import type { Time } from '../time.ts';
import { settlement } from './delivery-subject.ts';
import type { Link } from './link.ts';
import { PullSession } from './pull-session.ts';
import { SettlementLog } from './settlement-log.ts';
import { fromDelivered } from './stored-message.ts';

const RETRY_WAIT_MS = 500;
const ANSWER_WITHIN_MS = 5_000;
const NANOSECONDS_PER_MS = 1_000_000;

export function createConsumers(link: Link, time: Time): DurableConsumers {
  return { pull: (stream, consumer, options) => new Puller({ link, time, stream, consumer, options }) };
}

type Target = {
  readonly link: Link;
  readonly time: Time;
  readonly stream: string;
  readonly consumer: string;
  readonly options: Parameters<DurableConsumers['pull']>[2];
};

class Puller implements Pull {
  readonly #target: Target;
  readonly #settlements: SettlementLog;
  readonly #unlisten: () => void;
  #session: PullSession | null = null;
  /** Deliveries that are not settled yet, of this session and of those before. */
  #held = 0;
  #epoch = 0;
  #cancelRetry: () => void = () => undefined;
  #stopping: Promise<void> | null = null;

  constructor(target: Target) {
    this.#target = target;
    this.#settlements = new SettlementLog(target.link);
    this.#unlisten = target.link.listen({
      up: (connection) => {
        this.#settlements.sendAgain(); // (U4)
        void this.#begin(connection);
      },
      down: (reason) => this.#interrupted(reason),
    });
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#cancelRetry();
    if (this.#target.link.connection() !== null) await this.#session?.drain(); // (U3)
    this.#session?.end();
    this.#unlisten();
  }

  /** Looks whether stream and consumer are there, then asks for messages. */
  async #begin(connection: NatsConnection): Promise<void> {
    const { stream, consumer, options, time } = this.#target;
    this.#session?.end();
    this.#session = null;
    this.#cancelRetry();
    try {
      const manager = await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_WITHIN_MS });
      const { created } = await manager.streams.info(stream);
      const { config } = await manager.consumers.info(stream, consumer);
      if (this.#stopping !== null || this.#session !== null) return;
      this.#epoch = Date.parse(created);
      const { prefetch } = options;
      const onDelivery = (message: Msg): void => options.onDelivery(this.#delivery(message));
      const onEnd = (reason: string): void => this.#retry(connection, reason);
      this.#session = new PullSession({ connection, time, stream, consumer, prefetch, onDelivery, onEnd }, this.#held);
      options.onState({ state: 'pulling', ackWaitMs: (config.ack_wait ?? 0) / NANOSECONDS_PER_MS });
    } catch (error) {
      this.#retry(connection, error instanceof Error ? error.message : String(error));
    }
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

  #delivery(message: Msg): Delivery {
    this.#held += 1;
    const reply = message.reply ?? '';
    const settle = (how: string): void => {
      this.#held -= 1;
      this.#settlements.send({ reply, how });
      this.#session?.release();
    };
    const { stored, deliveryCount } = fromDelivered(this.#epoch, message);
    return {
      stored,
      deliveryCount,
      acknowledge: () => settle(settlement.acknowledge),
      giveBack: (delayMs) => settle(settlement.giveBack(delayMs)),
      terminate: (reason) => settle(settlement.terminate(reason)),
      // While the broker is away there is no lease to renew; the message is delivered again, and its effect is known.
      renew: () => this.#target.link.connection()?.publish(reply, settlement.renew),
    };
  }
}
