// Who shares a transaction with whom, without a database.
import { expect, test } from '@jest/globals';
import { EntriesUnavailableError } from '../domain/entry-log.ts';
import { entryOf } from '../domain/entry.ts';
import type { NewEntry } from '../domain/entry.ts';
import { inTurns } from './in-turns.ts';

function entry(sequence: number, size = 1): NewEntry {
  const storedAt = new Date('2026-11-21T12:00:00.000Z');
  const payload = new Uint8Array(size);
  return entryOf({ stream: 'events', epoch: 1, sequence, storedAt, subject: 'a', headers: {}, payload });
}

/** A place to record to that is as slow as the test wants, and refuses what the test says. */
function slowRecord(refuses: (sequences: readonly number[]) => Error | undefined = () => undefined) {
  const calls: number[][] = [];
  const pending: (() => void)[] = [];
  return {
    calls,
    finishOne: () => pending.shift()?.(),
    record: async (entries: readonly NewEntry[]): Promise<void> => {
      const sequences = entries.map(({ streamSequence }) => streamSequence);
      calls.push(sequences);
      await new Promise<void>((resolve) => pending.push(resolve));
      const error = refuses(sequences);
      if (error !== undefined) throw error;
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('the first is written at once, and what arrives meanwhile goes together', async () => {
  const place = slowRecord();
  const write = inTurns(place.record, 100);
  const first = write([entry(1)]);
  const others = [write([entry(2), entry(3)]), write([entry(4)])];
  expect(place.calls).toEqual([[1]]);
  place.finishOne();
  await first;
  await turn();
  expect(place.calls).toEqual([[1], [2, 3, 4]]);
  place.finishOne();
  await Promise.all(others);
});

test('a group has no more bytes than one statement takes, unless one alone has more', async () => {
  const place = slowRecord();
  const write = inTurns(place.record, 10);
  const all = [[entry(1)], [entry(2, 6)], [entry(3, 4)], [entry(4, 1)], [entry(5, 99)], [entry(6)]].map(write);
  for (let call = 0; call < 5; call += 1) {
    place.finishOne();
    await turn();
  }
  await Promise.all(all);
  expect(place.calls).toEqual([[1], [2, 3], [4], [5], [6]]);
});

test('A5 what is refused in one stream does not hold up the others', async () => {
  const place = slowRecord((sequences) => (sequences.includes(3) ? new Error('refused') : undefined));
  const write = inTurns(place.record, 100);
  const outcomes = Promise.allSettled([1, 2, 3, 4].map((sequence) => write([entry(sequence)])));
  for (let call = 0; call < 6; call += 1) {
    place.finishOne();
    await turn();
  }
  expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(place.calls).toEqual([[1], [2, 3, 4], [2], [3], [4]]);
});

test('A8 while the database is away nobody tries it piece by piece', async () => {
  const place = slowRecord(() => new EntriesUnavailableError(undefined));
  const write = inTurns(place.record, 100);
  const outcomes = Promise.allSettled([1, 2, 3].map((sequence) => write([entry(sequence)])));
  for (let call = 0; call < 3; call += 1) {
    place.finishOne();
    await turn();
  }
  expect((await outcomes).every(({ status }) => status === 'rejected')).toBe(true);
  expect(place.calls).toEqual([[1], [2, 3]]);
});
