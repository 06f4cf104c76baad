// A collection that was read once and is kept true by messages, as plain values.
// A page of it may be older than a message that arrived while it was read, so whatever was told meanwhile is kept in
// a ledger and laid over it:
//  L1 Of two states of one item the one with the later `updatedAt` is kept, whichever came last.
//  L2 What was removed stays removed: ids are never given out twice.
//  L3 What was told while the collection was read is in the collection.

/** What the list must know of its items. `stampOf` gives an RFC 3339 time. */
export type ItemTraits<Item> = {
  readonly keyOf: (item: Item) => string;
  readonly stampOf: (item: Item) => string;
  readonly compare: (left: Item, right: Item) => number;
};

/** What just happened to an item, for the eye. `at` is in milliseconds since 1970. */
export type Change = { readonly kind: 'created' | 'updated'; readonly at: number };

export type LiveList<Item> = {
  readonly items: readonly Item[];
  /** False when the collection is longer than what is loaded of it. */
  readonly complete: boolean;
  /** The newest changes by key; older ones are forgotten. */
  readonly changes: ReadonlyMap<string, Change>;
};

/** What was told since the collection was last known to be right. */
export type Ledger<Item> = { readonly told: ReadonlyMap<string, Item>; readonly removed: ReadonlySet<string> };

const CHANGE_SHOWN_MS = 10_000;
const REMEMBERED_MAX = 2_000;

export const emptyLedger = { told: new Map<string, never>(), removed: new Set<string>() } as const;

/** The ledger with one more item told. Beyond its bound it forgets what was told first. */
export function recordTold<Item>(ledger: Ledger<Item>, item: Item, traits: ItemTraits<Item>): Ledger<Item> {
  const key = traits.keyOf(item);
  if (ledger.removed.has(key)) return ledger;
  const known = ledger.told.get(key);
  const told = new Map(ledger.told);
  told.delete(key);
  told.set(key, known === undefined ? item : newer(known, item, traits));
  return { told: new Map([...told].slice(-REMEMBERED_MAX)), removed: ledger.removed };
}

export function recordRemoved<Item>(ledger: Ledger<Item>, key: string): Ledger<Item> {
  const told = new Map(ledger.told);
  told.delete(key);
  return { told, removed: new Set([...ledger.removed, key].slice(-REMEMBERED_MAX)) };
}

/** The collection as it was read, with what was told meanwhile laid over it (L1, L2, L3). */
export function settle<Item>(loaded: readonly Item[], ledger: Ledger<Item>, traits: ItemTraits<Item>): readonly Item[] {
  const items = new Map<string, Item>();
  for (const item of [...loaded, ...ledger.told.values()]) {
    const key = traits.keyOf(item);
    const known = items.get(key);
    if (!ledger.removed.has(key)) items.set(key, known === undefined ? item : newer(known, item, traits));
  }
  return [...items.values()].toSorted(traits.compare);
}

/** The list with `item` in its place. An item older than the one it has changes nothing (L1). */
export function putItem<Item>(
  list: LiveList<Item>,
  item: Item,
  traits: ItemTraits<Item>,
  nowMs: number,
): LiveList<Item> {
  const key = traits.keyOf(item);
  const known = list.items.find((other) => traits.keyOf(other) === key);
  if (known !== undefined && newer(known, item, traits) === known) return list;
  const others = list.items.filter((other) => other !== known);
  const kind = known === undefined ? 'created' : 'updated';
  // The same state told twice (our own answer, then its message) is one change.
  const isNews = known === undefined || traits.stampOf(known) !== traits.stampOf(item);
  return {
    ...list,
    items: [...others, item].toSorted(traits.compare),
    changes: isNews ? withChange(list.changes, key, { kind, at: nowMs }) : list.changes,
  };
}

export function removeItem<Item>(list: LiveList<Item>, key: string, traits: ItemTraits<Item>): LiveList<Item> {
  return { ...list, items: list.items.filter((item) => traits.keyOf(item) !== key) };
}

function withChange(changes: ReadonlyMap<string, Change>, key: string, change: Change): ReadonlyMap<string, Change> {
  const recent = [...changes].filter(([, { at }]) => change.at - at < CHANGE_SHOWN_MS);
  return new Map([...recent, [key, change]]);
}

/** The later of two states of one item; the second when they are equally old. */
function newer<Item>(first: Item, second: Item, { stampOf }: ItemTraits<Item>): Item {
  return Date.parse(stampOf(second)) < Date.parse(stampOf(first)) ? first : second;
}
