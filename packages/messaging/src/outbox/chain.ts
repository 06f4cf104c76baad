// The rows of one key that are published one after the other.
import type { OutboxRow } from './outbox-rows.ts';

export type Chain = { readonly key: string; readonly lane: number; readonly rows: readonly OutboxRow[] };

/** Long enough for a burst, short enough that a key that is stuck holds little in memory. */
const ROWS_MAX = 100;

/** `isCut`: some key has more rows than its chain. */
export function chainsOf(rows: readonly OutboxRow[]): { readonly chains: readonly Chain[]; readonly isCut: boolean } {
  const byKey = [...Map.groupBy(rows, (row) => row.message.key)];
  const chains = byKey.flatMap(([key, all]) => {
    const [first] = all;
    return first === undefined ? [] : [{ key, lane: first.lane, rows: all.slice(0, ROWS_MAX) }];
  });
  return { chains, isCut: byKey.some(([, all]) => all.length > ROWS_MAX) };
}
