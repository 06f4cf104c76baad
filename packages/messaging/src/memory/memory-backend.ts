// The whole of a broker in memory, for tests: deterministic, with a clock one holds in one's hand and faults drawn from a
// seed. It is not durable and serves one process.
import type { OutgoingMessage } from '../contract/encode.ts';
import { filterMatches, parseFilter } from '../contract/filter.ts';
import { decodeMetadata } from '../contract/metadata.ts';
import type { StoredMessage } from '../contract/decode.ts';
import { PublishError, StreamUnavailableError } from '../errors.ts';
import type { Backend, Pull, Stored, StreamListener, StreamReader } from '../ports.ts';
import type { Time } from '../time.ts';
import type { Faults } from './faults.ts';
import { MemoryConsumer, type MemoryConsumerConfig } from './memory-consumer.ts';
import { MemoryStream } from './memory-stream.ts';

export type MemoryBackend = Backend & {
  addStream(name: string, subjects: readonly string[]): MemoryStream;
  addConsumer(stream: string, name: string, config?: MemoryConsumerConfig): MemoryConsumer;
};

const REPLAY_BATCH = 256;

/** An empty broker. Without `faults` it never misbehaves. */
export function createMemoryBackend(options: { readonly time: Time; readonly faults?: Faults }): MemoryBackend {
  const { time, faults = null } = options;
  const streams = new Map<string, MemoryStream>();
  const consumers = new Map<string, MemoryConsumer>();
  const streamNamed = (name: string): MemoryStream => {
    const stream = streams.get(name);
    if (stream === undefined) throw new StreamUnavailableError('no-such-stream', name);
    return stream;
  };
  const streamTaking = (subject: string): MemoryStream | undefined =>
    [...streams.values()].find((stream) => stream.takes(subject));
  return {
    publisher: {
      publish: async (message) => publish(streamTaking(message.subject), message, faults),
      lastIdOn: async (subject) => {
        const newest = streamTaking(subject)?.newestOn(subject);
        return newest === undefined || newest === null ? null : (decodeMetadata(newest.headers).id ?? null);
      },
    },
    reader: createReader(streamNamed, time),
    consumers: {
      pull: (stream, consumer, how): Pull => {
        const found = consumers.get(`${stream}/${consumer}`);
        if (found !== undefined) return found.pull(how);
        how.onState({ state: 'interrupted', reason: `there is no consumer ${consumer} on ${stream}` });
        return { stop: async () => undefined };
      },
    },
    state: () => ({ state: 'up' }),
    flush: async () => undefined,
    close: async () => undefined,
    addStream: (name, subjects) => {
      const stream = new MemoryStream(name, subjects, time);
      streams.set(name, stream);
      return stream;
    },
    addConsumer: (stream, name, config = {}) => {
      const consumer = new MemoryConsumer(streamNamed(stream), time, faults, config);
      consumers.set(`${stream}/${name}`, consumer);
      return consumer;
    },
  };
}

function publish(stream: MemoryStream | undefined, message: OutgoingMessage, faults: Faults | null): Stored {
  if (stream === undefined) throw new PublishError('unavailable', message.id, 'no stream takes its subject');
  const stored = stream.store(message);
  if (faults?.happens('dropPublishAnswer') === true) {
    throw new PublishError('unknown', message.id, 'the acknowledgement was lost');
  }
  return stored;
}

function createReader(streamNamed: (name: string) => MemoryStream, time: Time): StreamReader {
  return {
    bounds: async (stream) => streamNamed(stream).bounds(),
    at: async (stream, sequence) => streamNamed(stream).at(sequence),
    replay: async function* (stream, { from, to, filters = [], batch = REPLAY_BATCH }, signal) {
      const wanted = filters.map(parseFilter);
      const isWanted = ({ subject }: StoredMessage): boolean =>
        wanted.length === 0 || wanted.some((filter) => filterMatches(filter, subject));
      const messages = streamNamed(stream)
        .from(from)
        .filter((message) => message.sequence <= to && isWanted(message));
      for (let at = 0; at < messages.length && !signal.aborted; at += batch) yield messages.slice(at, at + batch);
    },
    lastPerSubject: async (stream, filter) => {
      const wanted = parseFilter(filter);
      const newest = new Map<string, StoredMessage>();
      for (const message of streamNamed(stream).from(0))
        if (filterMatches(wanted, message.subject)) newest.set(message.subject, message);
      return [...newest.values()];
    },
    sequenceAt: async (stream, at) => {
      const found = streamNamed(stream);
      return found.from(0).find(({ storedAt }) => storedAt >= at)?.sequence ?? found.bounds().last + 1;
    },
    follow: (stream, from, listener) => follow(streamNamed(stream), from, listener, time),
  };
}

function follow(stream: MemoryStream, from: number, listener: StreamListener, time: Time): { stop(): Promise<void> } {
  let next = from;
  let isStopped = false;
  const pump = (): void => {
    for (const message of stream.from(next)) {
      if (isStopped) return;
      next = message.sequence + 1;
      listener.onMessage(message);
    }
  };
  const unlisten = stream.listen(() => void time.after(0, pump));
  time.after(0, () => {
    if (isStopped) return;
    listener.onState({ state: 'live', bounds: stream.bounds() });
    pump();
  });
  return {
    stop: async () => {
      isStopped = true;
      unlisten();
    },
  };
}
