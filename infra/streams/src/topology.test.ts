import { expect, test } from '@jest/globals';
import { PackageCreated, messageTypes, streamNames, streamSubjects } from '@longwave/contracts';
import { filterMatches, parseFilter } from '@longwave/messaging/contract';
import { redriveConsumer, redriveFilter } from '@longwave/messaging/dead-letters';
import { consumingStream } from '@longwave/messaging/jetstream';
import { checkTopology } from './check-topology.ts';
import type { DurableConsumer, Stream } from './settings.ts';
import { longwaveTopology } from './topology.ts';

const topology = longwaveTopology();
const [stream, other] = topology.streams;
if (stream === undefined || other === undefined) throw new Error('there are no streams');
const [consumer] = stream.consumers;
if (consumer === undefined) throw new Error('there is no consumer');

test('every stream of the contracts is there, with its subjects', () => {
  const kept = topology.streams.filter(({ name }) => name !== consumingStream.name);
  expect(kept.map(({ name }) => name)).toEqual(streamNames);
  for (const { name, subjects } of kept) expect(subjects).toEqual([Reflect.get(streamSubjects, name)]);
});

test('every message type has exactly one stream that keeps it', () => {
  for (const type of messageTypes) {
    const keepers = topology.streams.filter(({ subjects }) =>
      subjects.some((subject) => filterMatches(parseFilter(subject), type.subject.filter)),
    );
    expect(keepers).toHaveLength(1);
  }
});

test('no stream acknowledges before the disk has it', () => {
  const settings = topology.streams.map(({ persist_mode: mode, storage }) => ({ mode, storage }));
  expect(settings).toEqual(topology.streams.map(() => ({ mode: 'default', storage: 'file' })));
});

test('no work expires', () => {
  const queues = topology.streams.filter(({ retention }) => retention === 'workqueue');
  expect(queues.map(({ name, max_age: maxAge }) => ({ name, maxAge }))).toEqual([{ name: 'queue', maxAge: 0 }]);
});

test('the audit log is given everything but work', () => {
  const heard = topology.streams.filter(({ consumers }) => consumers.some(({ name }) => name === 'audit-log'));
  expect(heard.map(({ name }) => name)).toEqual(streamNames.filter((name) => name !== 'queue'));
  expect(heard.flatMap(({ consumers }) => consumers).filter(({ name }) => name === 'audit-log')).toHaveLength(5);
});

test('the resolver is given packages of every namespace', () => {
  const resolver = topology.streams.flatMap(({ consumers }) => consumers).find(({ name }) => name === 'resolver');
  expect(resolver?.filter_subjects).toContain(PackageCreated.subject.filter);
});

test('every group that makes dead letters has a consumer for what is redriven to it, and to nobody else', () => {
  const groups = topology.streams.flatMap((one) => one.consumers.map((group) => ({ stream: one.name, group })));
  const isBatch = (name: string): boolean => name === 'audit-log';
  const makers = groups.filter(({ stream: of, group }) => of !== 'dead-letter' && !isBatch(group.name));
  const redrives = groups.filter(({ stream: of, group }) => of === 'dead-letter' && !isBatch(group.name));
  expect(redrives.map(({ group }) => [group.name, group.filter_subjects])).toEqual(
    makers.map(({ stream: of, group }) => [redriveConsumer(of, group.name), [redriveFilter(of, group.name)]]),
  );
  expect(makers).not.toEqual([]);
});

test('replicas and sizes come from outside', () => {
  const { streams } = longwaveTopology({ replicas: 3, bytesMax: { events: 1_000 } });
  expect(streams.map((one) => one.num_replicas)).toEqual(streams.map(() => 3));
  expect(streams.map((one) => one.max_bytes)).toEqual(streams.map(({ name }) => (name === 'events' ? 1_000 : -1)));
});

const withConsumers = (...consumers: readonly DurableConsumer[]): Stream => ({ ...stream, consumers });

test.each<[what: string, streams: readonly Stream[], complaint: RegExp]>([
  ['two streams of one name', [stream, { ...stream, subjects: ['x'] }], /two streams named resource/],
  ['a name that is none', [{ ...stream, name: 'p%2Eq' }], /is not a name/],
  ['a subject that is none', [{ ...stream, subjects: ['a..b'], consumers: [] }], /empty token/],
  ['no subject', [{ ...stream, subjects: [] }], /no subjects/],
  ['streams that overlap', [stream, { ...other, subjects: ['resource.x'] }], /overlap/],
  ['two replicas', [{ ...stream, num_replicas: 2 }], /1, 3 or 5, not 2/],
  ['a size of nothing', [{ ...stream, max_bytes: 0 }], /max_bytes is -1 or above 0/],
  ['two consumers of one name', [withConsumers(consumer, consumer)], /two consumers audit-log/],
  ['a consumer name that is none', [withConsumers({ ...consumer, name: 'a.b' })], /is not a name/],
  ['a filter outside of the stream', [withConsumers({ ...consumer, filter_subjects: ['x.>'] })], /does not keep x\.>/],
  [
    'filters that overlap',
    [withConsumers({ ...consumer, filter_subjects: ['resource.a.>', 'resource.*.b'] })],
    /audit-log of resource overlap/,
  ],
])('%s is refused before a server sees it', (_what, streams, complaint) => {
  expect(() => checkTopology({ streams })).toThrow(expect.objectContaining({ code: 'invalid-topology' }));
  expect(() => checkTopology({ streams })).toThrow(complaint);
});

test('everything that is wrong is told at once', () => {
  const wrong = { ...stream, num_replicas: 2, max_bytes: 0, subjects: [] };
  expect(() => checkTopology({ streams: [wrong] })).toThrow(/no subjects[^]*not 2[^]*not 0/);
});
