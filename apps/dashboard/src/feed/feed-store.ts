// Collects what the feed tells and hands it to the page in batches: a burst of a thousand messages is a handful of
// renderings, not a thousand.
import type { Events } from '@longwave/client';
import { listenToAll } from '../live/public-events.ts';
import { arrive, emptyBuffer, ENTRIES_MAX, pause, resume, type FeedBuffer, type FeedEntry } from './feed-buffer.ts';

const FLUSH_AFTER_MS = 100;

/** FeedEntry without its key, whichever kind it is. */
type Unnumbered<Entry> = Entry extends FeedEntry ? Omit<Entry, 'key'> : never;

export class FeedStore {
  #buffer = emptyBuffer;
  #arrived: FeedEntry[] = [];
  #arrivedCount = 0;
  #flushing: ReturnType<typeof setTimeout> | undefined;
  #lastKey = 0;
  readonly #watchers = new Set<() => void>();

  /** Starts collecting; the function returned stops it. */
  follow(events: Pick<Events, 'subscribe'>, now: () => Date): () => void {
    const unlisten = listenToAll(events, (message) => this.#add({ kind: 'message', message }), {
      onGap: (gap) => this.#add({ kind: 'gap', gap, at: now() }),
    });
    return () => {
      unlisten();
      clearTimeout(this.#flushing);
      this.#flushing = undefined;
    };
  }

  readonly buffer = (): FeedBuffer => this.#buffer;

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  };

  pause(): void {
    this.#flush();
    this.#become(pause(this.#buffer));
  }

  resume(): void {
    this.#flush();
    this.#become(resume(this.#buffer));
  }

  #add(entry: Unnumbered<FeedEntry>): void {
    this.#lastKey += 1;
    this.#arrived.push({ ...entry, key: this.#lastKey });
    this.#arrivedCount += 1;
    // A page in the background flushes rarely; what can never be shown need not wait for it.
    if (this.#arrived.length >= 2 * ENTRIES_MAX) this.#arrived = this.#arrived.slice(-ENTRIES_MAX);
    this.#flushing ??= setTimeout(() => this.#flush(), FLUSH_AFTER_MS);
  }

  #flush(): void {
    clearTimeout(this.#flushing);
    this.#flushing = undefined;
    const buffer = arrive(this.#buffer, this.#arrived, this.#arrivedCount);
    this.#arrived = [];
    this.#arrivedCount = 0;
    this.#become(buffer);
  }

  #become(buffer: FeedBuffer): void {
    if (buffer === this.#buffer) return;
    this.#buffer = buffer;
    for (const watcher of this.#watchers) watcher();
  }
}
