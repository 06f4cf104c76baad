// That those who replay slowly do not keep the others from the broker. (S4, S10)
import { expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import { parseFilter } from '@longwave/messaging/contract';
import { hubOptions } from '../../test/support/hub-options.ts';
import { MemoryOutlet } from '../../test/support/memory-outlet.ts';
import { somebody } from '../../test/support/scene.ts';
import { readerOf, ScriptedStream } from '../../test/support/scripted-stream.ts';
import { select } from '../domain/selection.ts';
import { streamTopology } from '../domain/stream-topology.ts';
import { Hub } from './hub.ts';

test('who asks where it stands does not wait for those who replay', async () => {
  const stream = new ScriptedStream('s');
  for (let n = 1; n <= 9; n += 1) stream.append('s.a', String(n));
  const reader = readerOf([stream]);
  let replays = 0;
  const endless: typeof reader.replay = async function* (...range) {
    replays += 1;
    await new Promise(() => undefined);
    yield* reader.replay(...range);
  };
  const hub = new Hub(hubOptions({ ...reader, replay: endless }));
  const rules = { streams: streamTopology({ s: 's.>' }), permitted: [parseFilter('>')], filtersMax: 9 };
  const visit = { selection: select(['s.a'], rules), claim: { kind: 'start' }, visitor: somebody } as const;
  const begin = (): MemoryOutlet => {
    const outlet = new MemoryOutlet();
    hub.subscribe(visit, outlet);
    return outlet;
  };
  const slow = Array.from({ length: 100 }, begin);
  await until('as many replay as may', () => replays === 16);
  const late = begin();
  await until('all of them know where they stand', () => [...slow, late].every((outlet) => outlet.read().id !== ''));
  expect(replays).toBe(16);
  for (const outlet of [...slow, late]) outlet.destroy();
  await hub.stop();
});
