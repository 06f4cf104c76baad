import { describe, expect, test } from '@jest/globals';
import {
  emptyLedger,
  putItem,
  recordRemoved,
  recordTold,
  removeItem,
  settle,
  type ItemTraits,
  type LiveList,
} from './live-list.ts';

type Item = { readonly id: string; readonly at: number; readonly text?: string };

const stamp = (at: number): string => new Date(at).toISOString();
const traits: ItemTraits<Item> = {
  keyOf: ({ id }) => id,
  stampOf: ({ at }) => stamp(at),
  compare: (left, right) => left.id.localeCompare(right.id),
};
const listOf = (...items: readonly Item[]): LiveList<Item> => ({ items, complete: true, changes: new Map() });

describe('a list that was read', () => {
  test('L1 keeps what was told of an item when it is newer than what was read', () => {
    const ledger = recordTold(emptyLedger, { id: 'a', at: 2 }, traits);
    expect(settle([{ id: 'a', at: 1 }], ledger, traits)).toEqual([{ id: 'a', at: 2 }]);
  });

  test('L1 keeps what was read of an item when it is newer than what was told', () => {
    const ledger = recordTold(emptyLedger, { id: 'a', at: 1 }, traits);
    expect(settle([{ id: 'a', at: 2 }], ledger, traits)).toEqual([{ id: 'a', at: 2 }]);
  });

  test('L1 takes no older state over a newer one that was told before', () => {
    const ledger = recordTold(recordTold(emptyLedger, { id: 'a', at: 2 }, traits), { id: 'a', at: 1 }, traits);
    expect(settle([], ledger, traits)).toEqual([{ id: 'a', at: 2 }]);
  });

  test('L2 has nothing that was removed while it was read', () => {
    const ledger = recordRemoved<Item>(emptyLedger, 'a');
    expect(settle([{ id: 'a', at: 9 }], ledger, traits)).toEqual([]);
  });

  test('L2 does not get back what was removed, however late an answer comes', () => {
    const ledger = recordTold(recordRemoved<Item>(emptyLedger, 'a'), { id: 'a', at: 9 }, traits);
    expect(settle([], ledger, traits)).toEqual([]);
  });

  test('L3 has what was created while it was read, in its place', () => {
    const ledger = recordTold(emptyLedger, { id: 'b', at: 1 }, traits);
    const settled = settle(
      [
        { id: 'a', at: 1 },
        { id: 'c', at: 1 },
      ],
      ledger,
      traits,
    );
    expect(settled.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  test('an item that pages give twice is there once', () => {
    const item = { id: 'a', at: 1 };
    expect(settle([item, item], emptyLedger, traits)).toEqual([item]);
  });
});

describe('putting an item', () => {
  test('a new one is created, in its place, and marked', () => {
    const list = putItem(listOf({ id: 'b', at: 1 }), { id: 'a', at: 1 }, traits, 77);
    expect(list.items.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(list.changes.get('a')).toEqual({ kind: 'created', at: 77 });
  });

  test('a newer state replaces and is marked', () => {
    const list = putItem(listOf({ id: 'a', at: 1 }), { id: 'a', at: 2 }, traits, 77);
    expect(list.items).toEqual([{ id: 'a', at: 2 }]);
    expect(list.changes.get('a')).toEqual({ kind: 'updated', at: 77 });
  });

  test('L1 an older state changes nothing', () => {
    const list = listOf({ id: 'a', at: 2 });
    expect(putItem(list, { id: 'a', at: 1 }, traits, 77)).toBe(list);
  });

  test('the same state told again is not marked again', () => {
    const list = putItem(listOf({ id: 'a', at: 1 }), { id: 'a', at: 1, text: 'same' }, traits, 77);
    expect(list.changes.size).toBe(0);
  });

  test('old marks are forgotten', () => {
    const first = putItem(listOf(), { id: 'a', at: 1 }, traits, 0);
    const second = putItem(first, { id: 'b', at: 1 }, traits, 60_000);
    expect([...second.changes.keys()]).toEqual(['b']);
  });
});

test('removing an item removes that one', () => {
  const list = removeItem(listOf({ id: 'a', at: 1 }, { id: 'b', at: 1 }), 'a', traits);
  expect(list.items).toEqual([{ id: 'b', at: 1 }]);
});
