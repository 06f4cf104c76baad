// What comes again after a group has changed hands, put in order. nats-server delivers it before anything new and sorts
// it, but a message that it takes out for a request that has just expired goes back behind all the others (2.14).
//
// Z6  what was in other hands before is handed over in the order of the stream, whatever order it comes again in.
import type { Delivery } from '../ports.ts';
import type { Time } from '../time.ts';

/** They come at once; some may have been settled since they were counted, and are not waited for. */
const RETURN_WITHIN_MS = 500;

export class Returning {
  readonly #time: Time;
  readonly #handOver: (delivery: Delivery) => void;
  #count: number;
  #collected: Delivery[] = [];
  #cancel: (() => void) | null = null;

  /** `count`: how many come again; 0 when none does. */
  constructor(count: number, time: Time, handOver: (delivery: Delivery) => void) {
    this.#count = count;
    this.#time = time;
    this.#handOver = handOver;
  }

  receive(delivery: Delivery): void {
    // What is new comes when nothing is left that comes again.
    if (delivery.deliveryCount === 1) this.end();
    if (this.#count === 0) return this.#handOver(delivery);
    this.#collected.push(delivery);
    if (this.#collected.length >= this.#count) this.end();
    else this.#cancel ??= this.#time.after(RETURN_WITHIN_MS, () => this.end());
  }

  /** Hands over what has come so far; nothing is waited for any more. */
  end(): void {
    const collected = this.#collected.toSorted((left, right) => left.stored.sequence - right.stored.sequence);
    this.drop();
    for (const delivery of collected) this.#handOver(delivery);
  }

  /** It is another replica's. */
  drop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#count = 0;
    this.#collected = [];
  }
}
