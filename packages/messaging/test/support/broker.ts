// A nats-server of the test's own, with a stream `events` (`test.>`), a stream `dead-letter` and a way to look at both
// with a plain client that knows nothing of this package.
import { AckPolicy, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { startNats, type NatsServer } from '@longwave/embedded';
import { quietLog, temporaryFolder } from '@longwave/embedded/testing';
import type { StoredMessage } from '@longwave/messaging/contract';
import { connectJetStream, type JetStreamBackend } from '@longwave/messaging/jetstream';
import { until } from './until.ts';

export type Broker = {
  readonly server: () => NatsServer;
  readonly manager: JetStreamManager;
  readonly plain: NatsConnection;
  /** A back-end as a service has it; closed with the broker. */
  backend(): JetStreamBackend;
  addConsumer(
    name: string,
    config?: { readonly filter?: string; readonly ackWaitMs?: number; readonly ackPendingMax?: number },
  ): Promise<void>;
  /** Everything a stream holds, read by position. */
  contents(stream: string): Promise<StoredMessage[]>;
  /** kill -9, and start again on the same port and folder when asked. */
  crash(): Promise<() => Promise<void>>;
  close(): Promise<void>;
};

/** Long enough for the hundred thousand messages of a soak, on a machine that does much else. */
const CONTENTS_WITHIN_MS = 600_000;
const NANOSECONDS_PER_MS = 1_000_000;
const alwaysTrue = (): boolean => true;
const alwaysFalse = (): boolean => false;

/** Its data lies in a folder that goes with it. */
export async function startBroker(): Promise<Broker> {
  const folder = await temporaryFolder();
  const dataDirectory = folder.path;
  let server = await startNats({ dataDirectory });
  const { host, port } = server;
  const plain = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  const manager = await jetstreamManager(plain);
  await manager.streams.add({ name: 'events', subjects: ['test.>'], allow_direct: true });
  await manager.streams.add({ name: 'dead-letter', subjects: ['dead-letter.>'], allow_direct: true });
  const backends: JetStreamBackend[] = [];
  const reader = connectJetStream({ host, port, name: 'looker', log: quietLog });
  backends.push(reader);
  return {
    server: () => server,
    manager,
    plain,
    backend: () => {
      const backend = connectJetStream({ host, port, name: 'test', log: quietLog });
      backends.push(backend);
      return backend;
    },
    addConsumer: async (name, { filter = 'test.>', ackWaitMs = 30_000, ackPendingMax = 1_000 } = {}) => {
      await manager.consumers.add('events', {
        durable_name: name,
        filter_subject: filter,
        ack_policy: AckPolicy.Explicit,
        ack_wait: ackWaitMs * NANOSECONDS_PER_MS,
        max_ack_pending: ackPendingMax,
        max_deliver: -1,
      });
    },
    contents: async (stream) => {
      const { first, last } = await reader.reader.bounds(stream);
      const found: StoredMessage[] = [];
      const signal = AbortSignal.timeout(CONTENTS_WITHIN_MS);
      for await (const batch of reader.reader.replay(stream, { from: first, to: last }, signal)) found.push(...batch);
      // A replay that is aborted ends like any other, and half a stream proves nothing.
      signal.throwIfAborted();
      return found;
    },
    crash: async () => {
      await server.kill();
      return async () => {
        server = await startNats({ dataDirectory, port });
        // A test goes on with the plain client; what that sends before it is back is lost.
        await until('the plain client is back', () => plain.flush().then(alwaysTrue, alwaysFalse));
      };
    },
    close: async () => {
      await Promise.all(backends.map((backend) => backend.close()));
      await plain.close();
      await server.stop();
      await folder.remove();
    },
  };
}
