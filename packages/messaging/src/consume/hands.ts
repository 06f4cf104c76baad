// What a consumption has in hand: each message once, however often it is delivered meanwhile, until it is settled.
import type { StoredMessage } from '../contract/decode.ts';
import type { Redriven } from '../dead-letters/redriven-message.ts';
import type { Delivery } from '../ports.ts';
import { heldOf, type Held } from './held.ts';

export class Hands {
  readonly #held = new Map<Held['place'], Held>();
  /** That of most of what is in hand, which needs its sequence alone for a place. */
  #epoch = 0;

  get size(): number {
    return this.#held.size;
  }

  /** Null: it is in hand already, and is settled with what is. (G9) */
  take(delivery: Delivery, redriven: Redriven | null): Held | null {
    const place = this.#placeOf(delivery.stored, redriven);
    const known = this.#held.get(place);
    if (known !== undefined) {
      known.deliveries.push(delivery);
      return null;
    }
    const held = heldOf(delivery, redriven, place);
    this.#held.set(place, held);
    return held;
  }

  /** One delivery of each message: its lease is the message's. */
  newest(): readonly Delivery[] {
    return [...this.#held.values()].flatMap(({ deliveries }) => deliveries.slice(-1));
  }

  /** How many handlers were started before `time` and still run. */
  runningSinceBefore(time: Date): number {
    return [...this.#held.values()].filter(({ runningSince }) => runningSince !== null && runningSince < time).length;
  }

  /** Settles every delivery of it; only the first time that is asked for. */
  settle(held: Held, how: (delivery: Delivery) => void): void {
    // Its place may be another one's by now.
    if (this.#held.get(held.place) !== held) return;
    this.#held.delete(held.place);
    held.deliveries.forEach(how);
  }

  /** Nothing is said of it: it is another replica's. */
  drop(held: Held): void {
    this.settle(held, () => undefined);
  }

  giveBack(held: Held): void {
    this.settle(held, (delivery) => delivery.giveBack(0));
  }

  /**
   * What tells two messages of one group apart. A redriven message is not the one that failed before: that one may come
   * again while its dead letter is stored, and whoever were settled with it would never be handled.
   */
  #placeOf({ epoch, sequence }: StoredMessage, redriven: Redriven | null): Held['place'] {
    if (this.#held.size === 0) this.#epoch = epoch;
    if (redriven === null && epoch === this.#epoch) return sequence;
    return `${epoch}:${sequence}:${redriven?.redrive ?? 0}`;
  }
}
