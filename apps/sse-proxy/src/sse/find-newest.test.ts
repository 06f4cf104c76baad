// Where the newest few begin, wherever they are at that moment: on their way here, in the ring, or beyond it. (S14)
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ScriptedStream } from '../../test/support/scripted-stream.ts';
import { parseFilter } from '@longwave/messaging/contract';
import { select } from '../domain/selection.ts';
import { streamTopology } from '../domain/stream-topology.ts';
import { findNewest } from './find-newest.ts';
import { StreamWindow } from './stream-window.ts';

const rules = { streams: streamTopology({ s: 's.>' }), permitted: [parseFilter('>')], filtersMax: 1 };
const selection = select(['s.a'], rules);
const [known] = rules.streams;
if (known === undefined) throw new Error('there is one stream');

test('are found alike, whether this process has received them, still has them, or neither', async () => {
  const subjects = fc.array(fc.constantFrom('s.a', 's.b'), { minLength: 1, maxLength: 30 });
  const some = fc.integer({ min: 1, max: 8 });
  await fc.assert(
    fc.asyncProperty(
      subjects,
      fc.nat(30),
      fc.constantFrom(1, 1_500, 100_000),
      some,
      async (all, received, bytes, count) => {
        const stream = new ScriptedStream('s');
        const { reader } = stream;
        const window = new StreamWindow(known, bytes, stream.bounds.epoch, { sequence: 0, mark: 0 });
        for (const [index, subject] of all.entries()) stream.append(subject, String(index));
        for await (const batch of reader.replay('s', { from: 1, to: received, filters: ['>'] }, AbortSignal.abort()))
          for (const message of batch) window.append(message);
        const wanted = all.flatMap((subject, index) => (subject === 's.a' ? [index + 1] : [])).slice(-count);
        const found = await findNewest({ window, selection, reader }, stream.bounds, count);
        expect(found).toBe(wanted[0] ?? window.ring.last.sequence + 1);
      },
    ),
    { numRuns: 300 },
  );
});
