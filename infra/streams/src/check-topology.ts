// What a server would refuse, or worse, accept and never deliver: found before anything is sent.
import { checkName, filtersOverlap, parseFilter } from '@longwave/messaging/contract';
import { uncovered } from './covers.ts';
import type { DurableConsumer, Stream, Topology } from './settings.ts';
import { StreamsError } from './streams-error.ts';

/** Returns `topology`. Throws StreamsError `invalid-topology` with everything that is wrong. */
export function checkTopology(topology: Topology): Topology {
  const { streams } = topology;
  const problems = [
    ...repeated(streams.map(({ name }) => name)).map((name) => `there are two streams named ${name}`),
    ...streams.flatMap(checkStream),
    ...overlaps(
      streams.flatMap(({ name, subjects }) => subjects.map((subject) => ({ of: `stream ${name}`, subject }))),
    ),
  ];
  if (problems.length === 0) return topology;
  throw new StreamsError('invalid-topology', `The topology is wrong:\n  ${problems.join('\n  ')}\nCorrect it first.`);
}

function checkStream(stream: Stream): readonly string[] {
  const { name, subjects, consumers, num_replicas: replicas, max_bytes: bytes } = stream;
  return [
    ...complaint(() => checkName(name)),
    ...subjects.flatMap((subject) => complaint(() => parseFilter(subject))),
    ...(subjects.length === 0 ? [`stream ${name} has no subjects`] : []),
    // Two copies have no majority when one is away.
    ...([1, 3, 5].includes(replicas) ? [] : [`stream ${name}: num_replicas is 1, 3 or 5, not ${replicas}`]),
    ...(bytes === -1 || bytes > 0 ? [] : [`stream ${name}: max_bytes is -1 or above 0, not ${bytes}`]),
    ...repeated(consumers.map((consumer) => consumer.name)).map((twice) => `stream ${name} has two consumers ${twice}`),
    ...consumers.flatMap((consumer) => checkConsumer(stream, consumer)),
  ];
}

function checkConsumer({ name: stream, subjects }: Stream, consumer: DurableConsumer): readonly string[] {
  const { name, filter_subjects: filters } = consumer;
  const of = `consumer ${name} of ${stream}`;
  return [
    ...complaint(() => checkName(name)),
    ...filters.flatMap((filter) => complaint(() => parseFilter(filter))),
    // The server takes such a filter and delivers nothing, for ever.
    ...uncovered(filters, subjects).map((filter) => `${of}: the stream does not keep ${filter}`),
    ...overlaps(filters.map((subject) => ({ of, subject }))),
  ];
}

type Claim = { readonly of: string; readonly subject: string };

function overlaps(claims: readonly Claim[]): readonly string[] {
  return claims.flatMap((claim, index) =>
    claims
      .slice(index + 1)
      .filter((other) => bothMatch(claim.subject, other.subject))
      .map((other) => `${claim.of} and ${other.of} overlap: ${claim.subject} and ${other.subject}`),
  );
}

function bothMatch(left: string, right: string): boolean {
  try {
    return filtersOverlap(parseFilter(left), parseFilter(right));
  } catch {
    // Not a filter at all: that has been said by whoever checks it.
    return false;
  }
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function complaint(check: () => unknown): readonly string[] {
  try {
    check();
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
