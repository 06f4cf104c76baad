// Who listens to what, over one feed. Events of a page are one connection, however many parts of the page listen.
//
// E1  every subscriber is given each event that one of its filters lets through, once, in the order of its stream.
// E2  nothing goes missing silently: what could not be had, or not be read, is a gap, and every subscriber is told.
// E3  it never gives up by itself: an ended connection is opened anew, later each time and never all at once, and goes
//     on after the last event; only what the server refuses for good is told and left.
// E4  several subscribers are one connection; it changes its filters without a loss, and is closed with the last one.
// E5  a subscriber that throws harms itself only.
// E6  after `unsubscribe` or `close` nothing is told, open or waiting.
import type { FeedEvent } from './feed-event.ts';
import { idle, type Feed, type FeedListener, type Status } from './feed.ts';
import { Subscriptions, subscriptionOf, type Handler, type Source, type Subscriber } from './subscriptions.ts';

export type Events = {
  /** `filters`: of NATS, such as `resource.*.show.>`; the handler is given the event. Throws TypeError for an illegal one. */
  subscribe(filters: string | readonly string[], handler: Handler<FeedEvent>, subscriber?: Subscriber): () => void;
  subscribe<Data>(source: Source<Data>, handler: Handler<Data>, subscriber?: Subscriber): () => void;
  status(): Status;
  /** Told of every change; the function returned ends that. */
  watch(watcher: (status: Status) => void): () => void;
  close(): void;
};

export type EventsOptions = {
  /** What a handler threw. Default: it goes where the uncaught errors of the page or process go. */
  readonly onError?: (error: unknown) => void;
};

/** Events over a feed that `openFeed` makes. */
export function eventsOver(
  openFeed: (listener: FeedListener) => Feed,
  { onError = throwLater }: EventsOptions = {},
): Events {
  const subscriptions = new Subscriptions(onError);
  const watchers = new Set<(status: Status) => void>();
  let status = idle;
  const feed = openFeed({
    onEvent: (event) => subscriptions.tellEvent(event),
    onGap: (gap) => subscriptions.tellGap(gap),
    onStatus: (next) => {
      status = next;
      for (const watcher of watchers) subscriptions.guard(() => watcher(next));
    },
    onRefused: (filters, refusal) => {
      subscriptions.refuse(filters, refusal);
      settleSoon();
    },
  });
  // A page that mounts twenty subscribers at once, or swaps one for another, changes its connection once.
  const settleSoon = onceInTurn(() => feed.listenTo(subscriptions.filters()));

  const subscribe = (
    what: string | readonly string[] | Source<unknown>,
    handler: Handler<never>,
    subscriber: Subscriber = {},
  ): (() => void) => {
    const subscription = subscriptionOf(what, handler, subscriber);
    const unsubscribe = (): void => {
      if (subscriptions.remove(subscription)) settleSoon();
      subscriber.signal?.removeEventListener('abort', unsubscribe);
    };
    if (subscriber.signal?.aborted === true) return unsubscribe;
    subscriptions.add(subscription);
    subscriber.signal?.addEventListener('abort', unsubscribe);
    settleSoon();
    return unsubscribe;
  };

  return {
    subscribe,
    status: () => status,
    watch: (watcher) => {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    close: () => {
      subscriptions.clear();
      feed.close();
      watchers.clear();
    },
  };
}

/** Calls `act` once after what runs now, however often it is asked to. */
function onceInTurn(act: () => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    queueMicrotask(() => {
      isAsked = false;
      act();
    });
  };
}

function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
