// Messages as invalidation: what a `resource` message names is read again, everything else stays as it is, and nothing
// is polled.
//
// Q1  a query whose key a message leads to is invalidated once for all messages that come together.
// Q2  a gap invalidates every query that messages could have led to, and so does a feed that comes back without knowing.
import type { QueryClient, QueryKey } from '@tanstack/query-core';
import type { FeedEvent } from './feed-event.ts';
import type { Events } from './events.ts';

export type InvalidationRule = {
  readonly filters: string | readonly string[];
  /** The keys (or beginnings of keys) of what is out of date after this event. */
  readonly keysOf: (event: FeedEvent) => readonly QueryKey[];
  /** What is out of date when nobody knows what was missed: usually the beginning that all of those keys share. */
  readonly allKeys: readonly QueryKey[];
};

export type InvalidationOptions = {
  /** How long messages are collected before the queries are read again. Default: 50 ms. */
  readonly collectMs?: number;
};

const COLLECT_MS_DEFAULT = 50;

/** Follows the rules until the function returned is called. */
export function invalidateByEvents(
  events: Events,
  queryClient: QueryClient,
  rules: readonly InvalidationRule[],
  { collectMs = COLLECT_MS_DEFAULT }: InvalidationOptions = {},
): () => void {
  // By their text, because two keys of the same parts are one.
  const outdated = new Map<string, QueryKey>();
  let collecting: ReturnType<typeof setTimeout> | undefined;

  const invalidate = (): void => {
    collecting = undefined;
    const keys = [...outdated.values()];
    outdated.clear();
    for (const queryKey of keys) void queryClient.invalidateQueries({ queryKey });
  };
  const add = (keys: readonly QueryKey[]): void => {
    for (const key of keys) outdated.set(JSON.stringify(key), key);
    if (outdated.size > 0) collecting ??= setTimeout(invalidate, collectMs);
  };

  const unsubscribes = rules.map(({ filters, keysOf, allKeys }) =>
    events.subscribe(filters, (event) => add(keysOf(event)), { onGap: () => add(allKeys) }),
  );
  return () => {
    for (const unsubscribe of unsubscribes) unsubscribe();
    clearTimeout(collecting);
  };
}
