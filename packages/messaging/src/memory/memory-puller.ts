// One who pulls from a durable consumer: what is in its hands, what is on its way to them, and how that goes wrong. It
// outlives its consumer.
import { checkName } from '../contract/name.ts';
import type { Log } from '../log.ts';
import type { Delivery, DurableConsumers, Pull } from '../ports.ts';
import type { Time } from '../time.ts';
import type { Faults } from './faults.ts';
import type { MemoryConsumer } from './memory-consumer.ts';
import type { MemoryTopology } from './memory-topology.ts';
import { Soon } from './soon.ts';

type PullOptions = Parameters<DurableConsumers['pull']>[2];

export type PullerOptions = PullOptions & {
  readonly topology: MemoryTopology;
  readonly stream: string;
  readonly consumer: string;
  readonly time: Time;
  readonly faults: Faults | null;
  readonly log: Log;
};

/** As the JetStream back-end's. */
const PREFETCH_BYTES_DEFAULT = 8 * 1024 * 1024;
const THROWN_WAIT_MS = 500;

export class MemoryPuller implements Pull {
  readonly #options: PullerOptions;
  readonly #looking: Soon;
  readonly #unlisten: () => void;
  /** Undefined before the first look. */
  #consumer: MemoryConsumer | null | undefined;
  /** Given and not settled, of this consumer and of those before it. */
  #held = 0;
  #heldBytes = 0;
  /** What is late: each arrives once, by itself or when it is called. */
  readonly #late = new Set<() => void>();
  /** What the next delivery overtakes. */
  #overtaken: (() => void) | null = null;
  #isStopped = false;
  #isCut = false;

  constructor(options: PullerOptions) {
    checkName(options.stream);
    checkName(options.consumer);
    this.#options = options;
    this.#looking = new Soon(options.time, () => this.#look());
    this.#unlisten = options.topology.listen(() => this.#looking.schedule());
    this.#looking.schedule();
  }

  get hasPlace(): boolean {
    const { prefetch, prefetchBytes = PREFETCH_BYTES_DEFAULT } = this.#options;
    return this.#held < prefetch && this.#heldBytes < prefetchBytes;
  }

  /** Its process is gone: nothing arrives, and nothing it says is heard. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** What is on its way arrives first. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#unlisten();
    this.#looking.cancel();
    this.#consumer?.detach(this);
    for (const arrive of this.#late) arrive();
  }

  /** Ends it as a crash would: what is in its hands comes again after the ack wait, elsewhere. */
  cut(): void {
    this.#isCut = true;
    void this.stop();
  }

  /** One of the messages in its hands is settled. */
  release(bytes: number): void {
    this.#held -= 1;
    this.#heldBytes -= bytes;
    this.#consumer?.pumpSoon();
  }

  receive(delivery: Delivery): void {
    const { faults } = this.#options;
    this.#held += 1;
    this.#heldBytes += delivery.stored.payload.byteLength;
    const overtaken = this.#overtaken;
    this.#overtaken = null;
    if (faults?.happens('delay') === true) this.#arriveLate(delivery, faults.delayMs());
    else if (faults?.happens('reorder') === true) this.#overtaken = this.#arriveLate(delivery, faults.delayMs());
    else this.#hand(delivery);
    overtaken?.();
  }

  #arriveLate(delivery: Delivery, delayMs: number): () => void {
    const arrive = (): void => {
      if (!this.#late.delete(arrive)) return;
      cancel();
      this.#hand(delivery);
    };
    const cancel = this.#options.time.after(delayMs, arrive);
    this.#late.add(arrive);
    return arrive;
  }

  #hand(delivery: Delivery): void {
    if (this.#isCut) return;
    try {
      this.#options.onDelivery(delivery);
    } catch (error) {
      this.#options.log.error(
        { err: error, subject: delivery.stored.subject },
        'the receiver of a delivery has thrown',
      );
      delivery.giveBack(THROWN_WAIT_MS); // (U7)
    }
  }

  #look(): void {
    const { topology, stream, consumer, onState } = this.#options;
    const found = topology.findConsumer(stream, consumer);
    if (found === this.#consumer) return;
    this.#consumer?.detach(this);
    this.#consumer = found;
    if (found === null) {
      onState({ state: 'interrupted', reason: `there is no consumer ${consumer} on ${stream}` });
      return;
    }
    onState({ state: 'pulling', ackWaitMs: found.ackWaitMs });
    found.attach(this);
  }
}
