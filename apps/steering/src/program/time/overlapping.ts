// Finding what overlaps a span of time among intervals in order.
import type { Interval } from './interval.ts';

/** `ascending` does not overlap itself; the answer is a slice of it. Costs two binary searches. */
export function overlapping<Item extends Interval>(ascending: readonly Item[], { startMs, endMs }: Interval): Item[] {
  const first = firstIndex(ascending, (item) => item.endMs > startMs);
  return ascending.slice(
    first,
    firstIndex(ascending, (item) => item.startMs >= endMs, first),
  );
}

/** The first item for which it holds, as for all after it; their number when it holds for none. */
function firstIndex<Item>(items: readonly Item[], holds: (item: Item) => boolean, from = 0): number {
  let low = from;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && holds(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
