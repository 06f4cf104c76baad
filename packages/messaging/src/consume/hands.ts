// What a consumption has in hand: each message once, however often it is delivered meanwhile, until it is settled.
import type { StoredMessage } from '../contract/decode.ts';
import type { Redriven } from '../dead-letters/redriven-message.ts';
import type { Delivery } from '../ports.ts';
import { heldOf, type Held } from './held.ts';

export class Hands {
  /** By where they lie. */
  readonly #held = new Map<string, Held>();

  get size(): number {
    return this.#held.size;
  }

  /** Null: it is in hand already, and is settled with what is. (G9) */
  take(delivery: Delivery, redriven: Redriven | null): Held | null {
    const place = placeOf(delivery.stored);
    const known = this.#held.get(place);
    if (known !== undefined) {
      known.deliveries.push(delivery);
      known.redriven ??= redriven;
      return null;
    }
    const held = heldOf(delivery, redriven);
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
    if (this.#held.delete(placeOf(held.stored))) held.deliveries.forEach(how);
  }

  giveBack(held: Held): void {
    this.settle(held, (delivery) => delivery.giveBack(0));
  }
}

/** Where a message lies, as one string: what tells two messages of one consumer apart. */
function placeOf({ epoch, sequence }: StoredMessage): string {
  return `${epoch}:${sequence}`;
}
