// One message in the hands of whoever pulled it, until it is settled.
import type { StoredMessage } from '../contract/decode.ts';
import type { Delivery } from '../ports.ts';
import type { MemoryConsumer } from './memory-consumer.ts';
import type { MemoryPuller } from './memory-puller.ts';

/** A message between its first delivery and its settlement. */
export type Pending = { readonly message: StoredMessage; deliveryCount: number; cancelLease: () => void };

export class MemoryDelivery implements Delivery {
  readonly stored: StoredMessage;
  readonly deliveryCount: number;
  readonly #consumer: MemoryConsumer;
  readonly #puller: MemoryPuller;
  readonly #pending: Pending;
  #isSettled = false;

  constructor(consumer: MemoryConsumer, puller: MemoryPuller, pending: Pending) {
    this.stored = pending.message;
    this.deliveryCount = pending.deliveryCount;
    this.#consumer = consumer;
    this.#puller = puller;
    this.#pending = pending;
  }

  acknowledge(): void {
    if (this.#letGo()) this.#consumer.settle(this.#pending);
  }

  giveBack(delayMs: number): void {
    if (this.#letGo()) this.#consumer.giveBack(this.#pending, delayMs);
  }

  /** There is no advisory here that could say the reason. */
  terminate(): void {
    if (this.#letGo()) this.#consumer.settle(this.#pending);
  }

  renew(): void {
    if (!this.#isSettled && !this.#puller.isCut) this.#consumer.renew(this.#pending);
  }

  /** Returns whether what is said of it now is the first that is said, and can be heard. */
  #letGo(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    this.#puller.release(this.stored.payload.byteLength);
    return !this.#puller.isCut;
  }
}
