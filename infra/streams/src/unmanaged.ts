// Streams and consumers that the topology does not name and that get in its way: they hold a subject of ours, take
// messages from a work queue, or have a name that one takes for one of ours. They are told, never touched (S3):
// whoever made them may need them. What is merely there is nobody's business.
import { filtersOverlap, parseFilter } from '@longwave/messaging/contract';
import type { ServerState, ServerStream } from './server-state.ts';
import type { Stream, Topology } from './settings.ts';

/** One sentence for each. */
export function findUnmanaged({ streams }: Topology, server: ServerState): readonly string[] {
  const names = new Set(streams.map(({ name }) => name));
  const strangers = server.streams.filter(({ name }) => !names.has(name));
  return [
    ...strangers.flatMap((stranger) => streams.flatMap((stream) => clashesOf(stranger, stream))),
    ...server.streams.flatMap((actual) => strangeConsumers(streams, actual)),
  ];
}

function clashesOf(stranger: ServerStream, { name, subjects }: Stream): readonly string[] {
  const shared = stranger.subjects.filter((subject) => subjects.some((own) => overlap(own, subject)));
  return [
    ...(isSameToTheEye(stranger.name, name) ? [`stream ${stranger.name} is easily taken for ${name}`] : []),
    ...(shared.length === 0 ? [] : [`stream ${stranger.name} keeps ${shared.join(', ')}, which are for ${name}`]),
  ];
}

function strangeConsumers(streams: readonly Stream[], actual: ServerStream): readonly string[] {
  const stream = streams.find(({ name }) => name === actual.name);
  if (stream === undefined) return [];
  const ourNames = streams.flatMap(({ consumers }) => consumers.map(({ name }) => name));
  return actual.consumers
    .filter(({ name, config }) => config['durable_name'] !== undefined && !stream.consumers.some(named(name)))
    .flatMap(({ name }) => [
      ...(ourNames.some((own) => isSameToTheEye(own, name))
        ? [`consumer ${name} of ${stream.name} has the name of one that belongs elsewhere`]
        : []),
      ...(stream.retention === 'workqueue' ? [`consumer ${name} of ${stream.name} takes messages out of it`] : []),
    ]);
}

function isSameToTheEye(left: string, right: string): boolean {
  const plain = (name: string): string => name.toLowerCase().replaceAll('_', '-');
  return plain(left) === plain(right);
}

function overlap(own: string, theirs: string): boolean {
  try {
    return filtersOverlap(parseFilter(own), parseFilter(theirs));
  } catch {
    // Servers let subjects pass that our grammar does not; none of ours is among them.
    return false;
  }
}

const named =
  (name: string) =>
  (candidate: { readonly name: string }): boolean =>
    candidate.name === name;
