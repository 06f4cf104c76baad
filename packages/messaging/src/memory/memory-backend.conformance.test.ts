// The conformance suite over the broker in memory, on a clock that only the suite moves.
import { describe, test } from '@jest/globals';
import { describeBackend } from '../testing/describe-backend.ts';
import { createMemoryBackend } from './memory-backend.ts';
import { VirtualTime } from './virtual-time.ts';

describeBackend({ describe, test }, 'the broker in memory', {
  capabilities: {
    deduplication: true,
    removal: true,
    recreation: true,
    restart: { notPromised: 'it lives and dies with one process' },
    live: { notPromised: 'it has no live messages' },
  },
  open: async () => {
    const time = new VirtualTime();
    const broker = createMemoryBackend({ time });
    const streams = new Map<string, ReturnType<typeof broker.addStream>>();
    return {
      time,
      pass: (ms) => time.advance(ms),
      connect: () => broker.replica(),
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
    };
  },
});
