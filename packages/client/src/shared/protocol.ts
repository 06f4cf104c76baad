// What a page and the worker that all pages share say to each other. Both are built from one source, so nothing of it
// is checked again at the other end.
import type { FeedEvent, Gap } from '../feed-event.ts';
import type { Refusal, Status } from '../feed.ts';

export type PageMessage =
  /** `lock`: a Web Lock the page holds as long as it lives; a worker is not told when a page goes. */
  | { readonly type: 'hello'; readonly lock: string }
  | { readonly type: 'listen'; readonly filters: readonly string[] }
  | { readonly type: 'goodbye' };

export type WorkerMessage =
  | { readonly type: 'event'; readonly event: FeedEvent }
  | { readonly type: 'gap'; readonly gap: Gap }
  | { readonly type: 'status'; readonly status: Status }
  | { readonly type: 'refused'; readonly filters: readonly string[]; readonly refusal: Refusal };

/** What is used of a MessagePort, with what goes out and what comes in. */
export type Port<Out, In> = {
  addEventListener(type: 'message', listener: (message: { readonly data: In }) => void): void;
  start(): void;
  postMessage(message: Out): void;
  close(): void;
};

/** What is used of `navigator.locks`. */
export type Locks = { request(name: string, whenHeld: () => unknown): Promise<unknown> };
