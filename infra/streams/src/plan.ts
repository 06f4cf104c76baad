// What has to change on a server so that it keeps what the topology says. Pure: the same topology and the same state
// give the same changes, whatever the order in which either is listed.
//
// S1  A plan that was carried out leaves nothing to plan.
// S2  A change that would lose something says what; without leave it is not carried out.
// S3  Nothing is changed or deleted that the topology does not name.
import { differences, type Difference } from './differences.ts';
import {
  lossOfConsumerUpdate,
  lossOfStreamUpdate,
  needsNewConsumer,
  needsNewStream,
  removedSubjects,
} from './losses.ts';
import type { ReportedConfig, ServerConsumer, ServerState, ServerStream } from './server-state.ts';
import type { DurableConsumer, Stream, Topology } from './settings.ts';
import { consumerConfig, streamConfig } from './wire-config.ts';

/** One step. `consumer` is there when the step is about a durable consumer of `stream`. */
export type Change = {
  readonly action: 'create' | 'update' | 'recreate';
  readonly stream: string;
  readonly consumer?: string;
  /** The configuration as it is sent. */
  readonly config: ReportedConfig;
  readonly differences: readonly Difference[];
  /** What it would lose; empty for a change that is safe. */
  readonly losses: readonly string[];
};

/** The changes, in an order in which they can be carried out. */
export function planChanges(topology: Topology, server: ServerState): readonly Change[] {
  const changes = topology.streams
    .toSorted(byName)
    .flatMap((stream) => planStream(stream, server.streams.find(named(stream.name))));
  // A stream that gives a subject up does so before another takes it.
  return [...changes.filter(givesUpSubjects), ...changes.filter((change) => !givesUpSubjects(change))];
}

function planStream(stream: Stream, actual: ServerStream | undefined): readonly Change[] {
  const change = changeOfStream(stream, actual);
  // With a stream its consumers go.
  const survivors = change?.action === 'recreate' ? [] : (actual?.consumers ?? []);
  const consumers = stream.consumers
    .toSorted(byName)
    .map((consumer) => changeOfConsumer(stream.name, consumer, survivors.find(named(consumer.name))));
  return [change, ...consumers].filter((step) => step !== undefined);
}

function changeOfStream(stream: Stream, actual: ServerStream | undefined): Change | undefined {
  const config = streamConfig(stream);
  const step = { stream: stream.name, config };
  if (actual === undefined) return { ...step, action: 'create', differences: [], losses: [] };
  const found = differences(config, actual.config);
  if (found.length === 0) return undefined;
  if (found.some(needsNewStream)) {
    const losses = [`its ${actual.messages} messages, and how far each of its consumers had come`];
    return { ...step, action: 'recreate', differences: found, losses };
  }
  return { ...step, action: 'update', differences: found, losses: lossesOf(found, lossOfStreamUpdate) };
}

function changeOfConsumer(
  stream: string,
  consumer: DurableConsumer,
  actual: ServerConsumer | undefined,
): Change | undefined {
  const config = consumerConfig(consumer);
  const step = { stream, consumer: consumer.name, config };
  if (actual === undefined) return { ...step, action: 'create', differences: [], losses: [] };
  const found = differences(config, actual.config);
  if (found.length === 0) return undefined;
  if (found.some(needsNewConsumer)) {
    const losses = ['its position: everything that the stream keeps is delivered again'];
    return { ...step, action: 'recreate', differences: found, losses };
  }
  return { ...step, action: 'update', differences: found, losses: lossesOf(found, lossOfConsumerUpdate) };
}

function lossesOf(
  found: readonly Difference[],
  lossOf: (difference: Difference) => string | undefined,
): readonly string[] {
  return found.map(lossOf).filter((loss) => loss !== undefined);
}

function givesUpSubjects({ consumer, action, differences: found }: Change): boolean {
  return consumer === undefined && action !== 'create' && found.some((one) => removedSubjects(one).length > 0);
}

const byName = (left: { readonly name: string }, right: { readonly name: string }): number =>
  left.name < right.name ? -1 : 1;

const named =
  (name: string) =>
  (candidate: { readonly name: string }): boolean =>
    candidate.name === name;
