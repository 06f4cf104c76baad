// Keeps one LiveList in TanStack Query's cache: loads it page by page, and puts into it what messages say.
// The rules are in `live-list.ts`; this file only holds the ledger and talks to the cache.
import type { QueryClient } from '@tanstack/react-query';
import {
  emptyLedger,
  putItem,
  recordRemoved,
  recordTold,
  removeItem,
  settle,
  type ItemTraits,
  type Ledger,
  type LiveList,
} from './live-list.ts';

export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null };

export type ListCacheOptions<Item> = {
  readonly queryClient: QueryClient;
  readonly name: string;
  readonly traits: ItemTraits<Item>;
  readonly firstPage: string;
  readonly readPage: (path: string, signal: AbortSignal) => Promise<Page<Item>>;
  readonly now: () => Date;
};

/** A longer collection is shown up to here, and says so: a page is not a place to read ten thousand rows. */
export const ITEMS_MAX = 1_000;

export class ListCache<Item> {
  readonly #options: ListCacheOptions<Item>;
  #ledger: Ledger<Item> = emptyLedger;

  constructor(options: ListCacheOptions<Item>) {
    this.#options = options;
  }

  get queryKey(): readonly [string] {
    return [this.#options.name];
  }

  /** Reads the collection; the `queryFn` of its query. */
  async load(signal: AbortSignal): Promise<LiveList<Item>> {
    const { firstPage, readPage, traits, queryClient } = this.#options;
    const loaded: Item[] = [];
    let next: string | null = firstPage;
    while (next !== null && loaded.length < ITEMS_MAX) {
      const page: Page<Item> = await readPage(next, signal);
      loaded.push(...page.items);
      next = page.next;
    }
    const before = queryClient.getQueryData<LiveList<Item>>(this.queryKey);
    const changes = before?.changes ?? new Map();
    return { items: settle(loaded, this.#ledger, traits), complete: next === null, changes };
  }

  /** An item as it is now, from a message or from the answer to our own request. */
  put(item: Item): void {
    const { traits, now } = this.#options;
    const key = traits.keyOf(item);
    if (this.#ledger.removed.has(key)) return;
    this.#ledger = recordTold(this.#ledger, item, traits);
    this.#update((list) => putItem(list, item, traits, now().getTime()));
  }

  remove(key: string): void {
    this.#ledger = recordRemoved(this.#ledger, key);
    this.#update((list) => removeItem(list, key, this.#options.traits));
  }

  /** Messages were missed: what they told cannot be trusted, so the collection is read again. */
  async reload(): Promise<void> {
    this.#ledger = { told: new Map(), removed: this.#ledger.removed };
    await this.#options.queryClient.invalidateQueries({ queryKey: this.queryKey });
  }

  #update(change: (list: LiveList<Item>) => LiveList<Item>): void {
    const { queryClient } = this.#options;
    queryClient.setQueryData<LiveList<Item>>(this.queryKey, (list) => (list === undefined ? undefined : change(list)));
  }
}
