import { expect, test } from '@jest/globals';
import type { ServerStream } from './server-state.ts';
import { longwaveTopology } from './topology.ts';
import { findUnmanaged } from './unmanaged.ts';

const durable = (name: string) => ({ name, config: { durable_name: name } });
const ephemeral = (name: string) => ({ name, config: {} });

const streamOf = (name: string, subjects: readonly string[], consumers: ServerStream['consumers'] = []) => ({
  name,
  subjects,
  config: {},
  messages: 0,
  consumers,
});

test.each<[what: string, stream: ServerStream, told: readonly string[]]>([
  ['a stream that has nothing to do with us', streamOf('shop', ['shop.>']), []],
  [
    'one that holds a subject of ours',
    streamOf('copy', ['program.planned.*.x', 'shop']),
    ['stream copy keeps program.planned.*.x, which are for program'],
  ],
  [
    'one that could be taken for ours',
    streamOf('Dead_Letter', ['dl']),
    ['stream Dead_Letter is easily taken for dead-letter'],
  ],
  ['a subject that our grammar does not know', streamOf('odd', ['a\u00e9.>', 'shop']), []],
  ['our own consumer', streamOf('events', ['longwave.v1.events.>'], [durable('resolver')]), []],
  ['somebody who only reads', streamOf('events', ['longwave.v1.events.>'], [durable('theirs'), ephemeral('x')]), []],
  [
    'our name in the wrong place',
    streamOf('resource', ['resource.>'], [durable('resolver')]),
    ['consumer resolver of resource has the name of one that belongs elsewhere'],
  ],
  [
    'somebody who takes work away',
    streamOf('queue', ['queue.>'], [durable('theirs')]),
    ['consumer theirs of queue takes messages out of it'],
  ],
])('%s', (_what, stream, told) => {
  expect(findUnmanaged(longwaveTopology(), { streams: [stream], isClustered: false })).toEqual(told);
});
