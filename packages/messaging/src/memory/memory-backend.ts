// The whole of a broker in memory, for tests: deterministic, with a clock one holds in one's hand and faults drawn from a
// seed. It is not durable and serves one process.
import type { OutgoingMessage } from '../contract/encode.ts';
import { MESSAGE_ID_HEADER } from '../contract/metadata.ts';
import { complaintAbout, headerBytesOf } from '../contract/sendable.ts';
import { PublishError } from '../errors.ts';
import type { Log } from '../log.ts';
import type {
  Backend,
  CrashRecord,
  ExclusiveConsumers,
  LiveMessages,
  Publisher,
  PullOptions,
  Stored,
  StreamEditor,
  StreamFollowing,
} from '../ports.ts';
import { pause, type Time } from '../time.ts';
import type { Faults } from './faults.ts';
import { createMemoryEditor } from './memory-editor.ts';
import type { MemoryConsumer, MemoryConsumerConfig } from './memory-consumer.ts';
import { createMemoryCrashRecords } from './memory-crash-records.ts';
import { MemoryExclusivePull } from './memory-exclusive-pull.ts';
import { createMemoryLive, Switchboard } from './memory-live.ts';
import { MemoryPuller } from './memory-puller.ts';
import { createMemoryReader } from './memory-reader.ts';
import type { MemoryStream } from './memory-stream.ts';
import { MemoryTopology } from './memory-topology.ts';

/** What one replica has of a broker. */
export type MemoryReplica = Backend & {
  readonly exclusive: ExclusiveConsumers;
  readonly live: LiveMessages;
  readonly editor: StreamEditor;
  /** Its process dies: nothing reaches it any more, and nothing it says is heard. */
  crash(): void;
};

export type MemoryBackend = MemoryReplica & {
  /** Takes the place of a stream of the same name; the consumers of that go with it. */
  addStream(name: string, subjects: readonly string[]): MemoryStream;
  removeStream(name: string): void;
  addConsumer(stream: string, name: string, config?: MemoryConsumerConfig): MemoryConsumer;
  removeConsumer(stream: string, name: string): void;
  /** The same broker as another replica has it. */
  replica(): MemoryReplica;
};

/** As nats-server's default. */
const PAYLOAD_BYTES_MAX = 1_048_576;
const DEADLINE_MS_DEFAULT = 30_000;
/** As the JetStream back-end asks again for a stream that is not there (yet). */
const OBJECTION_WAIT_MS = 250;

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

type Broker = {
  readonly topology: MemoryTopology;
  readonly switchboard: Switchboard;
  readonly crashRecords: Map<string, CrashRecord>;
  readonly time: Time;
  readonly faults: Faults | null;
  readonly log: Log;
};

/** An empty broker. Without `faults` it never misbehaves. `log`: hears of what receivers and listeners throw. */
export function createMemoryBackend(options: {
  readonly time: Time;
  readonly faults?: Faults;
  readonly log?: Log;
}): MemoryBackend {
  const { time, faults = null, log = silent } = options;
  const topology = new MemoryTopology(time, faults);
  const switchboard = new Switchboard(time, log);
  const broker = { topology, switchboard, crashRecords: new Map<string, CrashRecord>(), time, faults, log };
  return {
    ...createReplica(broker),
    addStream: (name, subjects) => topology.addStream(name, subjects),
    removeStream: (name) => topology.removeStream(name),
    addConsumer: (stream, name, config = {}) => topology.addConsumer(stream, name, config),
    removeConsumer: (stream, name) => topology.removeConsumer(stream, name),
    replica: () => createReplica(broker),
  };
}

function createReplica(broker: Broker): MemoryReplica {
  const { topology, time, faults, log } = broker;
  const pullers = new Set<MemoryPuller>();
  const exclusivePulls = new Set<MemoryExclusivePull>();
  const followings = new Set<StreamFollowing>();
  const closing = new AbortController();
  const close = async (): Promise<void> => {
    closing.abort();
    // As a process that ends without a word: who has a group is not said.
    for (const pull of exclusivePulls) void pull.release(false);
    await Promise.all([...pullers, ...followings].map((one) => one.stop()));
  };
  const startPulling = (stream: string, consumer: string, how: PullOptions): MemoryPuller => {
    const puller = new MemoryPuller({ ...how, topology, stream, consumer, time, faults, log });
    pullers.add(puller);
    return puller;
  };
  return {
    publisher: createPublisher(broker, closing.signal),
    reader: createMemoryReader(topology, time, log, (following) => followings.add(following)),
    consumers: { pull: startPulling },
    exclusive: {
      pull: (stream, consumer, how) => {
        const pull = new MemoryExclusivePull({
          group: topology.groupOf(stream, consumer),
          onState: how.onState,
          repeat: () => topology.findConsumer(stream, consumer)?.deliverPendingAgain(),
          startPulling: () => startPulling(stream, consumer, how),
        });
        exclusivePulls.add(pull);
        return pull;
      },
    },
    live: createMemoryLive(broker.switchboard, {
      time,
      closing: closing.signal,
      payloadBytesMax: PAYLOAD_BYTES_MAX,
    }),
    editor: createMemoryEditor(topology, (stream, message) => store(stream, message, faults)),
    crashes: createMemoryCrashRecords(broker.crashRecords, closing.signal),
    state: () => (closing.signal.aborted ? { state: 'down', reason: 'it was closed' } : { state: 'up' }),
    flush: async () => undefined,
    close,
    crash: () => {
      for (const puller of pullers) puller.cut();
      void close();
    },
  };
}

function createPublisher({ topology, time, faults }: Broker, closing: AbortSignal): Publisher {
  return {
    publish: async (message, { deadlineMs = DEADLINE_MS_DEFAULT } = {}) => {
      if (Number.isNaN(deadlineMs)) throw new RangeError('deadlineMs is no number');
      const byteLength = message.payload.byteLength + headerBytesOf(message.headers);
      if (byteLength > PAYLOAD_BYTES_MAX) throw new PublishError('refused', message.id, `it has ${byteLength} bytes`);
      const complaint = complaintAbout(message);
      if (complaint !== null) throw new PublishError('refused', message.id, complaint);
      for (let leftMs = deadlineMs; !closing.aborted; leftMs -= OBJECTION_WAIT_MS) {
        const stream = topology.streamTaking(message.subject);
        if (stream !== null) return store(stream, message, faults);
        if (leftMs <= 0) throw new PublishError('unavailable', message.id, 'no stream takes its subject');
        await pause(time, Math.min(leftMs, OBJECTION_WAIT_MS), closing);
      }
      throw new PublishError('unavailable', message.id, 'the publisher is closed');
    },
    lastIdOn: async (subject) => topology.streamTaking(subject)?.newestOn(subject)?.headers[MESSAGE_ID_HEADER] || null,
  };
}

function store(stream: MemoryStream, message: OutgoingMessage, faults: Faults | null): Stored {
  const stored = stream.store(message);
  if (faults?.happens('dropPublishAnswer') === true) {
    throw new PublishError('unknown', message.id, 'the acknowledgement was lost');
  }
  return stored;
}
