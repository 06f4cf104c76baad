// A real nats-server with the streams that a test needs, and a publisher.
import { randomUUID } from 'node:crypto';
import { startNats, type NatsOptions, type NatsServer } from '@longwave/embedded';
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { connect, NoRespondersError, RequestError, TimeoutError, type NatsConnection } from '@nats-io/transport-node';

export type Broker = {
  readonly nats: NatsServer;
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly manager: JetStreamManager;
  /** Resolves when the stream has stored it. Gives the sequence. */
  publish(subject: string, payload?: unknown): Promise<number>;
  createStream(name: string, subjects: readonly string[]): Promise<void>;
  stop(): Promise<void>;
};

export const STREAMS = {
  resource: ['resource.>'],
  program: ['program.>'],
  events: ['longwave.v1.events.>'],
} as const;

const PUBLISH_ATTEMPTS = 10;

/** `payload` other than bytes or text is published as JSON. */
export async function startBroker(options: NatsOptions = {}): Promise<Broker> {
  // Synced to disk or not is not what is tested here, and it makes the tests slow.
  const nats = await startNats({ syncInterval: '2m', ...options });
  const connection = await connect({ servers: nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  const manager = await jetstreamManager(connection);
  const js = jetstream(connection);
  const createStream = async (name: string, subjects: readonly string[]): Promise<void> => {
    await manager.streams.add({ name, subjects: [...subjects], allow_direct: true });
  };
  for (const [name, subjects] of Object.entries(STREAMS)) await createStream(name, subjects);
  return {
    nats,
    connection,
    js,
    manager,
    createStream,
    publish: async (subject, payload = {}) => {
      const isRaw = typeof payload === 'string' || payload instanceof Uint8Array;
      // A broker that is killed leaves publishing unanswered: again, with the same id.
      const options = { msgID: randomUUID(), timeout: 1_000 };
      return (await publishStubbornly(js, subject, isRaw ? payload : JSON.stringify(payload), options)).seq;
    },
    stop: async () => {
      await connection.close();
      await nats.stop();
    },
  };
}

async function publishStubbornly(
  js: JetStreamClient,
  ...message: Parameters<JetStreamClient['publish']>
): ReturnType<JetStreamClient['publish']> {
  for (let attempt = 1; attempt < PUBLISH_ATTEMPTS; attempt += 1) {
    try {
      return await js.publish(...message);
    } catch (error) {
      if (!(error instanceof TimeoutError || error instanceof NoRespondersError || error instanceof RequestError))
        throw error;
    }
  }
  return js.publish(...message);
}
