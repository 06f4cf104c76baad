// Who is connected, and how many from where: what limits need, and what an operator may look at.
import type { Grant } from '../domain/grant.ts';
import type { Subscription } from './subscription.ts';

/** Who somebody is, as far as it is known. */
export type Visitor = { readonly address: string; readonly grant: Grant; readonly since: Date };

export type ConnectionLimits = { readonly connectionsMax: number; readonly connectionsPerAddressMax: number };

export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #visitors = new Map<Subscription, Visitor>();
  readonly #byAddress = new Map<string, number>();

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#visitors.size;
  }

  /** Whether one more may come from there. */
  hasRoomFor(address: string): boolean {
    const { connectionsMax, connectionsPerAddressMax } = this.#limits;
    return this.size < connectionsMax && (this.#byAddress.get(address) ?? 0) < connectionsPerAddressMax;
  }

  add(subscription: Subscription, visitor: Visitor): void {
    this.#visitors.set(subscription, visitor);
    this.#byAddress.set(visitor.address, (this.#byAddress.get(visitor.address) ?? 0) + 1);
  }

  /** Says whether it was there. */
  remove(subscription: Subscription): boolean {
    const visitor = this.#visitors.get(subscription);
    if (visitor === undefined) return false;
    this.#visitors.delete(subscription);
    const left = (this.#byAddress.get(visitor.address) ?? 0) - 1;
    if (left > 0) this.#byAddress.set(visitor.address, left);
    else this.#byAddress.delete(visitor.address);
    return true;
  }

  entries(): Iterable<readonly [Subscription, Visitor]> {
    return this.#visitors;
  }

  subscriptions(): Iterable<Subscription> {
    return this.#visitors.keys();
  }
}
