// O6: how much of a key the broker has, against a world in which that is known.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkProperty } from '../../test/support/check-property.ts';
import { chainsOf } from './chain.ts';
import { LaneDoubts } from './lane-doubts.ts';
import type { OutboxRow } from './outbox-rows.ts';
import { newestIdsOn, storedPrefix } from './stored-prefix.ts';

const row = (position: number, subject = 's', key = 'k', lane = 0): OutboxRow => ({
  position: BigInt(position),
  lane,
  message: { id: `id-${position}`, subject, key, headers: {}, payload: new Uint8Array() },
});

test('O6: any number of stored rows, on any subjects, cut off anywhere, is found', async () => {
  const subjects = fc.array(fc.constantFrom('created', 'updated', 'deleted'), { minLength: 1, maxLength: 12 });
  checkProperty([subjects, fc.nat(), fc.nat()], (all, storedCount, readCount) => {
    const rows = all.map((subject, index) => row(index, subject));
    const stored = rows.slice(0, storedCount % (rows.length + 1));
    const read = rows.slice(0, 1 + (readCount % rows.length));
    const newest = (subject: string): string =>
      stored.findLast((one) => one.message.subject === subject)?.message.id ?? 'of long ago';
    const newestIds = new Set(read.map(({ message }) => newest(message.subject)));
    const behind = new Set(rows.slice(read.length).map(({ message }) => message.id));
    const found = storedPrefix(read, newestIds, behind);
    // A row behind whose subject none of those read has is not asked about; it then says nothing, but never too much.
    const last = stored.at(-1);
    const isAskedAbout = last === undefined || read.some(({ message }) => message.subject === last.message.subject);
    expect(found).toBeLessThanOrEqual(stored.length);
    expect(found).toBe(isAskedAbout ? Math.min(stored.length, read.length) : found);
  });
});

test('O6: each subject is asked about once', async () => {
  const asked: string[] = [];
  const lastIdOn = async (subject: string): Promise<string | null> => {
    asked.push(subject);
    return subject === 'a' ? 'id-1' : null;
  };
  const publisher = { lastIdOn, publish: () => Promise.reject(new Error('not published here')) };
  const ids = await newestIdsOn(publisher, [row(1, 'a'), row(2, 'b'), row(3, 'a')]);
  expect([...ids]).toEqual(['id-1']);
  expect(asked).toEqual(['a', 'b']);
});

test('O4: rows become chains by key, in order; a long one is cut', () => {
  const long = Array.from({ length: 150 }, (_, position) => row(position, 's', 'long'));
  const { chains, isCut } = chainsOf([...long, row(200, 's', 'short')]);
  expect(isCut).toBe(true);
  expect(chains.map(({ key, rows }) => [key, rows.length])).toEqual([
    ['long', 100],
    ['short', 1],
  ]);
  expect(chainsOf([row(1)]).isCut).toBe(false);
});

test('O6: a doubt ends when all it is about was looked at, and not when it arose anew meanwhile', async () => {
  const doubts = new LaneDoubts();
  doubts.add(1);
  doubts.add(2);
  await doubts.measure(() => Promise.resolve(10n));
  const seen = doubts.snapshot();
  expect([...seen]).toEqual([
    [1, 10n],
    [2, 10n],
  ]);
  doubts.clear(seen, 9n);
  expect(doubts.snapshot().size).toBe(2);
  doubts.add(2);
  doubts.clear(seen, 10n);
  await doubts.measure(() => Promise.resolve(20n));
  expect([...doubts.snapshot()]).toEqual([[2, 20n]]);
  doubts.keepOnly([]);
  expect(doubts.snapshot().size).toBe(0);
});
