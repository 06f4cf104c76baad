// One durable consumer in memory: what it has delivered, what is not settled, what comes again and when. It behaves as
// JetStream's do, ack wait and all; what goes wrong between it and those who pull is `memory-puller.ts`.
import type { StoredMessage } from '../contract/decode.ts';
import { filterMatches, parseFilter, type SubjectFilter } from '../contract/filter.ts';
import type { Time } from '../time.ts';
import type { Faults } from './faults.ts';
import { MemoryDelivery, type Pending } from './memory-delivery.ts';
import type { MemoryPuller } from './memory-puller.ts';
import type { MemoryStream } from './memory-stream.ts';
import { Soon } from './soon.ts';

export type MemoryConsumerConfig = {
  readonly filters?: readonly string[];
  readonly ackWaitMs?: number;
  readonly ackPendingMax?: number;
};

const ACK_WAIT_MS_DEFAULT = 30_000;
const ACK_PENDING_MAX_DEFAULT = 1_000;

export class MemoryConsumer {
  readonly stream: MemoryStream;
  readonly ackWaitMs: number;
  readonly #time: Time;
  readonly #faults: Faults | null;
  readonly #filters: readonly SubjectFilter[];
  readonly #ackPendingMax: number;
  readonly #pending = new Map<number, Pending>();
  /** What is to be delivered again, before anything new, in that order. */
  readonly #again = new Set<Pending>();
  /** Whoever was served longest ago is first. */
  readonly #pullers = new Set<MemoryPuller>();
  readonly #pumping: Soon;
  readonly #unlisten: () => void;
  #next = 1;

  constructor(stream: MemoryStream, time: Time, faults: Faults | null, config: MemoryConsumerConfig) {
    this.stream = stream;
    this.#time = time;
    this.#faults = faults;
    this.#filters = (config.filters ?? ['>']).map(parseFilter);
    this.ackWaitMs = config.ackWaitMs ?? ACK_WAIT_MS_DEFAULT;
    this.#ackPendingMax = config.ackPendingMax ?? ACK_PENDING_MAX_DEFAULT;
    this.#pumping = new Soon(time, () => this.#pump());
    this.#unlisten = stream.listen(() => this.#pumping.schedule());
  }

  /** Messages that were delivered and are not settled. */
  get unsettled(): number {
    return this.#pending.size;
  }

  /** Whether everything the stream holds for this consumer is settled. */
  get isDone(): boolean {
    return this.#pending.size === 0 && this.#peek() === null;
  }

  /** Everything up to this position is settled, or was never for it. */
  get settledUpTo(): number {
    this.#peek();
    return Math.min(this.#next, ...this.#pending.keys()) - 1;
  }

  attach(puller: MemoryPuller): void {
    this.#pullers.add(puller);
    this.#pumping.schedule();
  }

  detach(puller: MemoryPuller): void {
    this.#pullers.delete(puller);
  }

  /** One of its pullers has a free place. */
  pumpSoon(): void {
    this.#pumping.schedule();
  }

  /** Nobody has what was delivered any more: it comes again now, in order, before anything new. */
  deliverPendingAgain(): void {
    for (const [, pending] of [...this.#pending].toSorted(([left], [right]) => left - right)) {
      pending.cancelLease();
      this.#again.add(pending);
    }
    this.#pumping.schedule();
  }

  /** It was deleted: it delivers nothing more, and what is said of what it delivered goes nowhere. */
  close(): void {
    this.#unlisten();
    this.#pumping.cancel();
    for (const { cancelLease } of this.#pending.values()) cancelLease();
    this.#pending.clear();
    this.#again.clear();
  }

  settle(pending: Pending): void {
    if (!this.#isPending(pending) || this.#isLost()) return;
    pending.cancelLease();
    this.#pending.delete(pending.message.sequence);
    this.#again.delete(pending);
    this.#pumping.schedule();
  }

  giveBack(pending: Pending, delayMs: number): void {
    if (this.#isPending(pending) && !this.#isLost()) this.#redeliverAfter(pending, delayMs);
  }

  renew(pending: Pending): void {
    if (this.#isPending(pending) && !this.#again.has(pending)) this.#redeliverAfter(pending, this.ackWaitMs);
  }

  #isPending(pending: Pending): boolean {
    return this.#pending.get(pending.message.sequence) === pending;
  }

  #isLost(): boolean {
    return this.#faults?.happens('dropAcknowledgement') === true;
  }

  #pump(): void {
    for (let puller = this.#freePuller(); puller !== null; puller = this.#freePuller()) {
      const pending = this.#take();
      if (pending === null) return;
      this.#deliver(puller, pending);
    }
  }

  /** In turns, as a server serves the requests that wait. */
  #freePuller(): MemoryPuller | null {
    for (const puller of this.#pullers) if (puller.hasPlace) return puller;
    return null;
  }

  #take(): Pending | null {
    for (const again of this.#again) {
      this.#again.delete(again);
      return again;
    }
    if (this.#pending.size >= this.#ackPendingMax) return null;
    const message = this.#peek();
    if (message === null) return null;
    this.#next = message.sequence + 1;
    const pending: Pending = { message, deliveryCount: 0, cancelLease: () => undefined };
    this.#pending.set(message.sequence, pending);
    return pending;
  }

  /** The next message that was never delivered. What the filters skip is looked at once. */
  #peek(): StoredMessage | null {
    for (let found = this.stream.next(this.#next); found !== null; found = this.stream.next(this.#next)) {
      const { subject, sequence } = found;
      if (this.#filters.some((filter) => filterMatches(filter, subject))) return found;
      this.#next = sequence + 1;
    }
    return null;
  }

  #deliver(puller: MemoryPuller, pending: Pending): void {
    this.#pullers.delete(puller);
    this.#pullers.add(puller);
    pending.deliveryCount += 1;
    this.#redeliverAfter(pending, this.ackWaitMs);
    puller.receive(new MemoryDelivery(this, puller, pending));
    // The same delivery twice, as a consumer sees it whose acknowledgement came too late.
    if (this.#faults?.happens('duplicate') === true) puller.receive(new MemoryDelivery(this, puller, pending));
  }

  #redeliverAfter(pending: Pending, delayMs: number): void {
    pending.cancelLease();
    pending.cancelLease = this.#time.after(delayMs, () => {
      this.#again.add(pending);
      this.#pumping.schedule();
    });
  }
}
