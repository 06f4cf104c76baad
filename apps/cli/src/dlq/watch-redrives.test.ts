// Z3, where reading the letters takes its time, as thousands of them do.
import { expect, test } from '@jest/globals';
import { pause, systemTime } from '@longwave/messaging';
import type { DeadLetter } from '@longwave/messaging/dead-letters';
import type { JetStreamBackend } from '@longwave/messaging/jetstream';
import { watchRedrives } from './watch-redrives.ts';

const WAIT_MS = 900;
const READ_MS = 400;

test('Z3: nobody waits for longer than was asked for, however long each look takes', async () => {
  let [reads, looks] = [0, 0];
  const reader = {
    bounds: async () => {
      reads += 1;
      await pause(systemTime, READ_MS);
      return { stream: 'dead-letter', epoch: 1, first: 1, last: 0 };
    },
    replay: async function* () {
      // There are no letters any more.
    },
  };
  // At each look one more is done with, so each has the letters read.
  const editor = { progress: async () => ({ settledUpTo: (looks += 1) }) };
  // Nothing else of a back-end is asked for here.
  const broker = { reader, editor } as unknown as JetStreamBackend;
  const redriven = Array.from({ length: 20 }, (_, index) => ({
    // Nothing else of a letter is looked at.
    letter: { identity: `events:1:${index}:g`, stream: 'events', group: 'g', expiresAt: null } as DeadLetter,
    position: index + 1,
  }));
  const said: string[] = [];
  const context = { print: (text: string) => void said.push(text), now: () => new Date() };
  await watchRedrives(broker, redriven, WAIT_MS, context as Parameters<typeof watchRedrives>[3]); // as above
  expect(reads).toBeLessThanOrEqual(2);
  expect(said).toHaveLength(redriven.length);
});
