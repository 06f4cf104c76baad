// Correcting streams in memory.
import type { OutgoingMessage } from '../contract/encode.ts';
import { PublishError } from '../errors.ts';
import type { Stored, StreamEditor } from '../ports.ts';
import type { MemoryStream } from './memory-stream.ts';
import type { MemoryTopology } from './memory-topology.ts';

/** `store`: as a publish stores, with whatever goes wrong on the way. */
export function createMemoryEditor(
  topology: MemoryTopology,
  store: (stream: MemoryStream, message: OutgoingMessage) => Stored,
): StreamEditor {
  return {
    publishFirst: async (message) => {
      const stream = topology.streamTaking(message.subject);
      if (stream === null) throw new PublishError('unavailable', message.id, 'no stream takes its subject');
      const known = stream.newestOn(message.subject);
      if (known !== null) return { sequence: known.sequence, duplicate: true };
      const { sequence, duplicate } = store(stream, message);
      return { sequence, duplicate };
    },
    remove: async (stream, sequence) => topology.streamNamed(stream).remove(sequence),
    progress: async (stream, consumer) => {
      topology.streamNamed(stream);
      const found = topology.findConsumer(stream, consumer);
      return found === null ? null : { settledUpTo: found.settledUpTo };
    },
  };
}
