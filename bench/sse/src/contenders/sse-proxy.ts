// Ours: apps/sse-proxy as a process of its own, on a nats-server of its own with the real streams.
import { once } from 'node:events';
import { forkService } from '@longwave/embedded/testing';
import { startBroker, type Broker } from '@longwave/streams/testing';
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { payloadOf, type Contender } from './contender.ts';

export type SseProxy = Contender & { readonly broker: Broker; readonly publisher: JetStreamClient };

const SUBJECT = 'resource.bench.x.1.updated';
/** Our wrapper brings the frame to about FRAME_BYTES. */
const PAYLOAD_BYTES = 50;

export async function startSseProxy(): Promise<SseProxy> {
  // What is measured is the proxy; with an fsync for every message it would be the disk.
  const broker = await startBroker({ syncInterval: '2m' });
  const main = new URL('../../../../apps/sse-proxy/src/main.ts', import.meta.url);
  const service = await forkService(main, {
    ...broker.settings,
    NATS_DURABILITY: 'relaxed',
    PORT: '0',
    LOG_LEVEL: 'fatal',
    // As its README advises for many clients.
    NODE_OPTIONS: '--max-semi-space-size=16',
    CONNECTIONS_MAX: '100000',
    CONNECTIONS_PER_ADDRESS_MAX: '100000',
    CONNECTS_PER_SECOND_MAX: '100000',
  });
  const publisher = jetstream(broker.plain);
  return {
    name: 'sse-proxy',
    pids: service.process.pid === undefined ? [] : [service.process.pid],
    port: Number(new URL(service.address).port),
    path: '/events?subject=resource.bench.%3E',
    broker,
    publisher,
    publish: async () => {
      await publisher.publish(SUBJECT, payloadOf(PAYLOAD_BYTES));
    },
    stop: async () => {
      const ended = once(service.process, 'exit');
      service.process.kill('SIGTERM');
      await ended;
      await broker.stop();
    },
  };
}
