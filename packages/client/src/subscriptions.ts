// Who listens to what, and the giving out of what arrives. Knows nothing of connections.
import type { FeedEvent, Gap } from './feed-event.ts';
import type { Refusal } from './feed.ts';
import { checkFilter, matches } from './filter.ts';

/** Filters with a way to read what they bring: `from(ShowUpdated)` makes one of a contract. */
export type Source<Data> = {
  readonly filters: readonly string[];
  /** Throws for an event that is not what it should be. */
  readonly read: (event: FeedEvent) => Data;
};

export type Subscriber = {
  /** Events will never come: whatever was made of them has to be loaded afresh. */
  readonly onGap?: (gap: Gap) => void;
  /** The server does not let this subscriber listen; it is unsubscribed. */
  readonly onRefused?: (refusal: Refusal) => void;
  /** Unsubscribes. */
  readonly signal?: AbortSignal;
};

export type Handler<Data> = (data: Data, event: FeedEvent) => void;

export type Subscription = Source<unknown> & {
  /** Of the same data as the source: `subscribe` pairs them. */
  readonly handler: Handler<never>;
  readonly subscriber: Subscriber;
};

/** Throws TypeError for an illegal filter. */
export function subscriptionOf(
  what: string | readonly string[] | Source<unknown>,
  handler: Handler<never>,
  subscriber: Subscriber,
): Subscription {
  const subscription = { ...sourceOf(what), handler, subscriber };
  subscription.filters.forEach(checkFilter);
  return subscription;
}

function sourceOf(what: string | readonly string[] | Source<unknown>): Source<unknown> {
  if (typeof what !== 'string' && 'read' in what) return what;
  return { filters: typeof what === 'string' ? [what] : what, read: (event) => event };
}

export class Subscriptions {
  readonly #all = new Set<Subscription>();
  readonly #onError: (error: unknown) => void;

  /** `onError` is told what a handler threw (E5). */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  add(subscription: Subscription): void {
    this.#all.add(subscription);
  }

  /** False: it was not there. */
  remove(subscription: Subscription): boolean {
    return this.#all.delete(subscription);
  }

  clear(): void {
    this.#all.clear();
  }

  /** Each filter of anybody, once, in an order that depends on nothing else. */
  filters(): readonly string[] {
    return [...new Set([...this.#all].flatMap(({ filters }) => filters))].toSorted();
  }

  /** (E1) */
  tellEvent(event: FeedEvent): void {
    for (const subscription of this.#present())
      if (subscription.filters.some((filter) => matches(filter, event.subject))) this.#deliver(subscription, event);
  }

  /** (E2) */
  tellGap(gap: Gap): void {
    for (const { subscriber } of this.#present()) this.guard(() => subscriber.onGap?.(gap));
  }

  /** Removes whoever wants one of `filters`, and tells them. */
  refuse(filters: readonly string[], refusal: Refusal): void {
    for (const subscription of this.#present()) {
      if (!subscription.filters.some((filter) => filters.includes(filter))) continue;
      this.#all.delete(subscription);
      this.guard(() => subscription.subscriber.onRefused?.(refusal));
    }
  }

  /** Calls what belongs to the page. */
  guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#onError(error);
    }
  }

  /** What a source cannot read is a gap for its subscriber. */
  #deliver({ read, handler, subscriber }: Subscription, event: FeedEvent): void {
    let data: unknown;
    try {
      data = read(event);
    } catch {
      return this.guard(() => subscriber.onGap?.({ stream: null, from: null, to: null, reason: 'unreadable' }));
    }
    this.guard(() => handler(data as never, event));
  }

  /** Who is there when something is told; who comes or goes while it is told is not, or no longer, among them (E6). */
  *#present(): Generator<Subscription> {
    const all = Array.from(this.#all);
    for (const subscription of all) if (this.#all.has(subscription)) yield subscription;
  }
}
