// Y7, for more letters than a function takes arguments: a fault on a busy stream makes them within the hour.
import { expect, test } from '@jest/globals';
import { deadLetterOf } from '../consume/dead-letter.ts';
import type { StreamReader } from '../ports.ts';
import { readDeadLetter } from './dead-letter.ts';
import { redriveDoubts } from './redrive-doubts.ts';

const at = new Date(0);
const stored = { stream: 'events', epoch: 1, sequence: 5, storedAt: at, subject: 'test.a', headers: {} };

test('Y7: what speaks against a redrive is known of 200,000 letters as well', async () => {
  const failure = { reason: 'x', attempts: 1, firstFailedAt: at, lastFailedAt: at, redrives: 0 };
  const payload = new Uint8Array();
  const source = { instance: 'test', replica: 'test-1' };
  const sent = deadLetterOf({ ...stored, payload }, 'group', { ...failure, cause: 'rejected' }, source);
  const letter = readDeadLetter({ ...stored, ...sent });
  if (letter === null) throw new Error('it is a letter');
  // Only these two are asked.
  const reader: Pick<StreamReader, 'bounds' | 'replay'> = {
    bounds: async (stream) => ({ stream, epoch: 1, first: 1, last: 6 }),
    replay: async function* (_stream, { from }) {
      yield [{ ...stored, payload, sequence: from }];
    },
  };
  const letters = Array.from({ length: 200_000 }, (_, index) => ({ ...letter, identity: String(index) }));
  const doubts = await redriveDoubts(reader, letters, at, new AbortController().signal);
  expect(doubts.size).toBe(letters.length);
  expect(doubts.get('7')).toEqual([expect.stringContaining('test.a has gone on (events 6)')]);
});
