// The page's side of the worker that all tabs share: a feed like any other.
import type { Feed, FeedListener } from '../feed.ts';
import type { Locks, PageMessage, Port, WorkerMessage } from './protocol.ts';

export type WorkerPort = Port<PageMessage, WorkerMessage>;

export class WorkerFeed implements Feed {
  readonly #port: WorkerPort;
  #isClosed = false;
  readonly #closed = Promise.withResolvers<void>();

  /** `lock`: a name that no other page has. */
  constructor(
    listener: FeedListener,
    port: WorkerPort,
    { locks, lock }: { readonly locks: Locks; readonly lock: string },
  ) {
    this.#port = port;
    port.addEventListener('message', ({ data }) => {
      if (this.#isClosed) return;
      if (data.type === 'event') listener.onEvent(data.event);
      else if (data.type === 'gap') listener.onGap(data.gap);
      else if (data.type === 'status') listener.onStatus(data.status);
      else listener.onRefused(data.filters, data.refusal);
    });
    port.start();
    // The worker asks for the same lock and is given it when this page is gone, so it is told only once it is held.
    void locks.request(lock, () => {
      port.postMessage({ type: 'hello', lock });
      return this.#closed.promise;
    });
  }

  listenTo(filters: readonly string[]): void {
    this.#port.postMessage({ type: 'listen', filters });
  }

  close(): void {
    this.#isClosed = true;
    this.#port.postMessage({ type: 'goodbye' });
    this.#port.close();
    this.#closed.resolve();
  }
}
