// The port between whoever listens and whatever brings the events: a connection of this page's own (`http-feed.ts`), or
// a worker that holds one for every tab (`shared/worker-feed.ts`).
import type { FeedEvent, Gap } from './feed-event.ts';

/** Why the server will not let this client listen: the answer is not going to change by asking again. */
export type Refusal = { readonly status: number; readonly code: string; readonly detail: string };

export type Connection =
  /** Nobody listens, so nothing is open. */
  | { readonly state: 'idle' }
  | { readonly state: 'connecting' }
  | { readonly state: 'live'; readonly since: Date }
  | { readonly state: 'reconnecting'; readonly since: Date; readonly attempt: number }
  | { readonly state: 'refused'; readonly refusal: Refusal };

/** `upstream`: whether the proxy at the other end reaches the broker. */
export type Status = { readonly connection: Connection; readonly upstream: 'up' | 'down' };

export type FeedListener = {
  onEvent(event: FeedEvent): void;
  onGap(gap: Gap): void;
  onStatus(status: Status): void;
  /** These filters are not listened to any more. */
  onRefused(filters: readonly string[], refusal: Refusal): void;
};

export type Feed = {
  /** Every filter that somebody listens to now; none closes the connection. */
  listenTo(filters: readonly string[]): void;
  /** Nothing is told after this. */
  close(): void;
};

export const idle: Status = { connection: { state: 'idle' }, upstream: 'up' };
