// What the tests of a service stand on: a nats-server of their own with the real streams, seen by a client that knows
// nothing of this project and by one that does.
import { startNats, type NatsOptions, type NatsServer } from '@longwave/embedded';
import { quietLog, temporaryFolder } from '@longwave/embedded/testing';
import type { OutgoingMessage } from '@longwave/messaging/contract';
import { connectJetStream, type JetStreamBackend } from '@longwave/messaging/jetstream';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { applyTopology } from '../apply-topology.ts';

export type Broker = {
  /** The process as it is now: another one after `kill`. */
  nats(): NatsServer;
  /** What a service is told of it in its environment. */
  readonly settings: Readonly<Record<'NATS_HOST' | 'NATS_PORT' | 'NATS_MONITOR_URL', string>>;
  readonly plain: NatsConnection;
  readonly manager: JetStreamManager;
  readonly backend: JetStreamBackend;
  /** One after the other; resolves when all are stored. */
  publish(...messages: readonly OutgoingMessage[]): Promise<void>;
  /** kill -9; what it gives brings the server back with all that it had acknowledged, on the same ports. */
  kill(): Promise<() => Promise<void>>;
  stop(): Promise<void>;
};

export async function startBroker(options: Pick<NatsOptions, 'syncInterval'> = {}): Promise<Broker> {
  const folder = await temporaryFolder();
  let nats = await startNats({ ...options, dataDirectory: folder.path });
  const { host, port, monitorUrl } = nats;
  const monitorPort = Number(new URL(monitorUrl).port);
  await applyTopology({ host, port });
  const plain = await connect({ servers: nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  const backend = connectJetStream({ host, port, name: 'test', log: quietLog });
  return {
    nats: () => nats,
    settings: { NATS_HOST: host, NATS_PORT: String(port), NATS_MONITOR_URL: monitorUrl },
    plain,
    manager: await jetstreamManager(plain),
    backend,
    publish: async (...messages) => {
      for (const message of messages) await backend.publisher.publish(message);
    },
    kill: async () => {
      await nats.kill();
      return async () => {
        nats = await startNats({ ...options, dataDirectory: folder.path, port, monitorPort });
      };
    },
    stop: async () => {
      await Promise.all([backend.close(), plain.close()]);
      await nats.stop();
      await folder.remove();
    },
  };
}
