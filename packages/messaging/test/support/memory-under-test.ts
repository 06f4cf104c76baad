// The broker in memory as the conformance suite wants it, on a clock that only the suite moves.
import { createMemoryBackend, VirtualTime, type MemoryReplica, type MemoryStream } from '@longwave/messaging/memory';
import type { BackendUnderTest } from '@longwave/messaging/testing';

/** What it promises, and why not the rest. */
export const memoryCapabilities = {
  deduplication: true,
  removal: true,
  recreation: true,
  editing: true,
  exclusive: true,
  restart: { notPromised: 'it lives and dies with one process' },
  live: true,
} as const;

/** `change`: what becomes of each replica before the suite gets it. */
export async function openMemory(
  change: (replica: MemoryReplica) => MemoryReplica = (replica) => replica,
): Promise<BackendUnderTest<typeof memoryCapabilities>> {
  const time = new VirtualTime();
  const broker = createMemoryBackend({ time });
  const streams = new Map<string, MemoryStream>();
  return {
    time,
    pass: (ms) => time.advance(ms),
    connect: () => change(broker.replica()),
    addStream: async (stream, subjects) => void streams.set(stream, broker.addStream(stream, subjects)),
    addConsumer: async (stream, consumer, { filter, ackWaitMs }) =>
      void broker.addConsumer(stream, consumer, { filters: [filter], ackWaitMs }),
    payloadBytesMax: 1_048_576,
    close: async () => undefined,
    deduplication: { windowMs: 120_000 },
    removal: {
      remove: async (stream, sequence) => void streams.get(stream)?.remove(sequence),
      purge: async (stream) => streams.get(stream)?.purge(),
    },
    recreation: {
      removeStream: async (stream) => broker.removeStream(stream),
      removeConsumer: async (stream, consumer) => broker.removeConsumer(stream, consumer),
    },
    exclusive: { connect: async () => change(broker.replica()) },
    live: { connect: async () => change(broker.replica()).live },
    editing: { connect: async () => change(broker.replica()).editor },
  };
}
