// The newest messages in memory, as plain values: what is shown, and what waits while the feed is paused.
//  B1 At most ENTRIES_MAX are shown and at most as many wait, however much arrives.
//  B2 `waiting` counts everything that arrived while paused, also what no longer fits.
//  B3 A gap is an entry in its place, so that it cannot be overlooked.
import type { FeedEvent, Gap } from '@longwave/client';

export const ENTRIES_MAX = 500;

/** `key` grows with every entry and is never used twice. */
export type FeedEntry =
  | { readonly kind: 'message'; readonly key: number; readonly message: FeedEvent }
  | { readonly kind: 'gap'; readonly key: number; readonly gap: Gap; readonly at: Date };

export type FeedBuffer = {
  /** Newest first. */
  readonly shown: readonly FeedEntry[];
  readonly paused: boolean;
  readonly held: readonly FeedEntry[];
  /** How many arrived since the pause. */
  readonly waiting: number;
};

export const emptyBuffer: FeedBuffer = { shown: [], paused: false, held: [], waiting: 0 };

/** Adds what arrived, oldest first. `count`: how many there were, if `arrived` is only the newest of them. */
export function arrive(buffer: FeedBuffer, arrived: readonly FeedEntry[], count = arrived.length): FeedBuffer {
  if (arrived.length === 0) return buffer;
  if (!buffer.paused) return { ...buffer, shown: newestFirst(arrived, buffer.shown) };
  return { ...buffer, held: newestFirst(arrived, buffer.held), waiting: buffer.waiting + count };
}

export function pause(buffer: FeedBuffer): FeedBuffer {
  return { ...buffer, paused: true };
}

/** Shows what waited. */
export function resume(buffer: FeedBuffer): FeedBuffer {
  const shown = [...buffer.held, ...buffer.shown].slice(0, ENTRIES_MAX);
  return { shown, paused: false, held: [], waiting: 0 };
}

function newestFirst(arrived: readonly FeedEntry[], before: readonly FeedEntry[]): readonly FeedEntry[] {
  return [...arrived.slice(-ENTRIES_MAX).toReversed(), ...before].slice(0, ENTRIES_MAX);
}
