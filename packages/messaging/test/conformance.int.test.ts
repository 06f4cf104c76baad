// The conformance suite over JetStream, with a real nats-server and a real clock.
import { setTimeout as pass } from 'node:timers/promises';
import { AckPolicy, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { startNats, type NatsServer } from '@longwave/embedded';
import { systemTime } from '@longwave/messaging';
import { connectJetStream, type JetStreamBackend } from '@longwave/messaging/jetstream';
import { describeBackend } from '@longwave/messaging/testing';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { quietLog as log, temporaryFolder } from '@longwave/embedded/testing';
import { until } from './support/until.ts';

const NANOSECONDS_PER_MS = 1_000_000;
const DUPLICATE_WINDOW_MS = 2_000;
const alwaysTrue = (): boolean => true;
const alwaysFalse = (): boolean => false;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: NatsServer;
let plain: NatsConnection;
let manager: JetStreamManager;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startNats({ dataDirectory: folder.path });
  plain = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  manager = await jetstreamManager(plain);
});

afterAll(async () => {
  await plain.close();
  await server.stop();
  await folder.remove();
});

const connectBackend = (): JetStreamBackend =>
  connectJetStream({ host: server.host, port: server.port, name: 'conformance', log });

const crash = async (): Promise<() => Promise<void>> => {
  const { port } = server;
  await server.kill();
  return async () => {
    server = await startNats({ dataDirectory: folder.path, port });
    await until('the plain client is back', () => plain.flush().then(alwaysTrue, alwaysFalse));
  };
};

describeBackend({ describe, test }, 'JetStream', {
  capabilities: {
    deduplication: true,
    removal: true,
    recreation: true,
    restart: true,
    editing: true,
    exclusive: true,
    live: true,
  },
  open: async () => {
    const streams = new Set<string>();
    const others: JetStreamBackend[] = [];
    const connectAnother = (): JetStreamBackend => {
      const backend = connectBackend();
      others.push(backend);
      return backend;
    };
    return {
      time: systemTime,
      pass: (ms) => pass(ms),
      connect: connectBackend,
      addStream: async (name, subjects) => {
        streams.add(name);
        const window = DUPLICATE_WINDOW_MS * NANOSECONDS_PER_MS;
        const config = { name, subjects: [...subjects], allow_direct: true, duplicate_window: window };
        // The server may still be removing the files of the stream of that name that the test before has deleted.
        await until(`${name} is made`, () => manager.streams.add(config).then(alwaysTrue, alwaysFalse));
      },
      addConsumer: async (stream, consumer, { filter, ackWaitMs }) => {
        await manager.consumers.add(stream, {
          durable_name: consumer,
          filter_subject: filter,
          ack_policy: AckPolicy.Explicit,
          ack_wait: ackWaitMs * NANOSECONDS_PER_MS,
          max_ack_pending: 1_000,
          max_deliver: -1,
        });
      },
      payloadBytesMax: plain.info?.max_payload ?? 0,
      close: async () => {
        await Promise.all(others.map((backend) => backend.close()));
        await Promise.all([...streams].map((stream) => manager.streams.delete(stream)));
      },
      deduplication: { windowMs: DUPLICATE_WINDOW_MS },
      removal: {
        remove: async (stream, sequence) => void (await manager.streams.deleteMessage(stream, sequence)),
        purge: async (stream) => void (await manager.streams.purge(stream)),
      },
      recreation: {
        removeStream: async (stream) => {
          await manager.streams.delete(stream);
          streams.delete(stream);
        },
        removeConsumer: async (stream, consumer) => void (await manager.consumers.delete(stream, consumer)),
      },
      restart: { crash },
      exclusive: { connect: async () => connectAnother() },
      editing: { connect: async () => connectAnother().editor },
      live: { connect: async () => connectAnother().live },
    };
  },
});
