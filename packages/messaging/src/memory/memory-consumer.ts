// One durable consumer in memory: what it has delivered, what is not settled, what comes again and when. It behaves as
// JetStream's do, ack wait and all, and misbehaves as `Faults` say.
import type { StoredMessage } from '../contract/decode.ts';
import { filterMatches, parseFilter, type SubjectFilter } from '../contract/filter.ts';
import type { Delivery, DurableConsumers, Pull } from '../ports.ts';
import type { Time } from '../time.ts';
import type { Faults } from './faults.ts';
import type { MemoryStream } from './memory-stream.ts';

export type MemoryConsumerConfig = {
  readonly filters?: readonly string[];
  readonly ackWaitMs?: number;
  readonly ackPendingMax?: number;
};

type PullOptions = Parameters<DurableConsumers['pull']>[2];

/** A message between its first delivery and its settlement. */
type Pending = { readonly message: StoredMessage; deliveryCount: number; cancelLease: () => void };

type Puller = { readonly options: PullOptions; held: number; stopped: boolean };

const ACK_WAIT_MS_DEFAULT = 30_000;
const ACK_PENDING_MAX_DEFAULT = 1_000;

export class MemoryConsumer {
  readonly #stream: MemoryStream;
  readonly #time: Time;
  readonly #faults: Faults | null;
  readonly #filters: readonly SubjectFilter[];
  readonly #ackWaitMs: number;
  readonly #ackPendingMax: number;
  readonly #pending = new Map<number, Pending>();
  /** Sequences to deliver again, before anything new. */
  readonly #again: number[] = [];
  readonly #pullers = new Set<Puller>();
  #next = 1;
  #isPumpScheduled = false;

  constructor(stream: MemoryStream, time: Time, faults: Faults | null, config: MemoryConsumerConfig) {
    this.#stream = stream;
    this.#time = time;
    this.#faults = faults;
    this.#filters = (config.filters ?? ['>']).map(parseFilter);
    this.#ackWaitMs = config.ackWaitMs ?? ACK_WAIT_MS_DEFAULT;
    this.#ackPendingMax = config.ackPendingMax ?? ACK_PENDING_MAX_DEFAULT;
    stream.listen(() => this.#schedule());
  }

  /** Messages that were delivered and are not settled. */
  get unsettled(): number {
    return this.#pending.size;
  }

  /** Whether everything the stream holds for this consumer is settled. */
  get isDone(): boolean {
    return this.#pending.size === 0 && this.#peek() === null;
  }

  pull(options: PullOptions): Pull {
    const puller: Puller = { options, held: 0, stopped: false };
    this.#pullers.add(puller);
    options.onState({ state: 'pulling', ackWaitMs: this.#ackWaitMs });
    this.#schedule();
    return {
      stop: async () => {
        puller.stopped = true;
        this.#pullers.delete(puller);
      },
    };
  }

  /** Never in the turn of whoever caused it: a broker is always somewhere else. */
  #schedule(): void {
    if (this.#isPumpScheduled) return;
    this.#isPumpScheduled = true;
    this.#time.after(0, () => {
      this.#isPumpScheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    for (let puller = this.#freePuller(); puller !== null; puller = this.#freePuller()) {
      const message = this.#take();
      if (message === null) return;
      this.#deliver(puller, message);
    }
  }

  /** Whoever holds the least, as a server's round robin comes out. */
  #freePuller(): Puller | null {
    const free = [...this.#pullers].filter(({ held, options }) => held < options.prefetch);
    return free.toSorted((a, b) => a.held - b.held)[0] ?? null;
  }

  #take(): StoredMessage | null {
    const again = this.#again.shift();
    if (again !== undefined) return this.#pending.get(again)?.message ?? this.#take();
    if (this.#pending.size >= this.#ackPendingMax) return null;
    const message = this.#peek();
    if (message !== null) this.#next = message.sequence + 1;
    return message;
  }

  #peek(): StoredMessage | null {
    return (
      this.#stream
        .from(this.#next)
        .find(({ subject }) => this.#filters.some((filter) => filterMatches(filter, subject))) ?? null
    );
  }

  #deliver(puller: Puller, message: StoredMessage): void {
    const pending = this.#pending.get(message.sequence) ?? { message, deliveryCount: 0, cancelLease: () => undefined };
    pending.deliveryCount += 1;
    this.#pending.set(message.sequence, pending);
    this.#lease(pending);
    const copies = this.#faults?.happens('duplicate') === true ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) this.#hand(puller, pending);
  }

  #hand(puller: Puller, pending: Pending): void {
    puller.held += 1;
    const hand = (): void => {
      // A puller that has stopped meanwhile never sees it; its lease runs out.
      if (puller.stopped) puller.held -= 1;
      else puller.options.onDelivery(this.#delivery(puller, pending));
    };
    const isLate = this.#faults?.happens('delay') === true || this.#faults?.happens('reorder') === true;
    if (isLate) this.#time.after(this.#faults?.delayMs() ?? 0, hand);
    else hand();
  }

  #delivery(puller: Puller, pending: Pending): Delivery {
    const { message, deliveryCount } = pending;
    const settle = (effect: () => void) => (): void => {
      puller.held -= 1;
      if (this.#faults?.happens('dropAcknowledgement') !== true) effect();
      this.#schedule();
    };
    return {
      stored: message,
      deliveryCount,
      acknowledge: settle(() => this.#forget(pending)),
      terminate: settle(() => this.#forget(pending)),
      giveBack: (delayMs) => settle(() => this.#redeliverAfter(pending, delayMs))(),
      renew: () => this.#lease(pending),
    };
  }

  #forget({ message, cancelLease }: Pending): void {
    cancelLease();
    this.#pending.delete(message.sequence);
  }

  #redeliverAfter(pending: Pending, delayMs: number): void {
    pending.cancelLease();
    pending.cancelLease = this.#time.after(delayMs, () => this.#redeliver(pending));
  }

  #lease(pending: Pending): void {
    if (this.#pending.get(pending.message.sequence) === pending) this.#redeliverAfter(pending, this.#ackWaitMs);
  }

  #redeliver({ message }: Pending): void {
    if (!this.#pending.has(message.sequence)) return;
    this.#again.push(message.sequence);
    this.#schedule();
  }
}
