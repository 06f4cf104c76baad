// The servers of a run: nats-server with one stream on disk, one replica, and Postgres with an empty outbox and inbox.
import { AckPolicy, jetstreamManager, type JetStreamManager, StorageType } from '@nats-io/jetstream';
import { connect, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { readFile } from 'node:fs/promises';
import { type NatsServer, startNats, startPostgres } from '@longwave/embedded';
import { Client } from 'pg';
import { STREAM, SUBJECTS } from './stream.ts';

export type Broker = {
  readonly host: string;
  readonly port: number;
  readonly version: string;
  empty(): Promise<void>;
  /** A durable consumer of everything in the stream. */
  addConsumer(name: string): Promise<void>;
  /** Throws unless the consumer has had and acknowledged `count` messages. */
  checkAcknowledged(name: string, count: number): Promise<void>;
  /** The names of the headers of the newest message, in order. */
  newestHeaderNames(): Promise<readonly string[]>;
  /** The names of the headers, in order, of each message with our headers that is sent meanwhile. */
  headerNamesDuring(work: () => Promise<unknown>): Promise<readonly (readonly string[])[]>;
  stop(): Promise<void>;
};

const ACK_PENDING_MAX = 10_000;
/** nats-server queues acknowledgements: that it has them says nothing yet. Nothing is delivered again that soon. */
const ACKNOWLEDGED_WITHIN_MS = 10_000;
const TABLES = ['outbox/outbox-table.sql', 'inbox/inbox-tables.sql'].map(
  (file) => new URL(`../../../packages/messaging/src/${file}`, import.meta.url),
);

export async function startBroker(syncInterval: '2m' | 'always'): Promise<Broker> {
  const server = await startNats({ syncInterval });
  const connection = await connect({ servers: server.url });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({
    name: STREAM,
    subjects: [SUBJECTS],
    storage: StorageType.File,
    num_replicas: 1,
    allow_direct: true,
  });
  return brokerOf(server, connection, manager);
}

function brokerOf(server: NatsServer, connection: NatsConnection, manager: JetStreamManager): Broker {
  return {
    host: server.host,
    port: server.port,
    version: connection.info?.version ?? '?',
    empty: async () => {
      await manager.streams.purge(STREAM);
    },
    addConsumer: async (name) => {
      await manager.consumers.add(STREAM, {
        durable_name: name,
        ack_policy: AckPolicy.Explicit,
        max_ack_pending: ACK_PENDING_MAX,
        max_deliver: -1,
      });
    },
    checkAcknowledged: async (name, count) => {
      const end = performance.now() + ACKNOWLEDGED_WITHIN_MS;
      let info = await manager.consumers.info(STREAM, name);
      while (info.num_ack_pending > 0 && performance.now() < end) info = await manager.consumers.info(STREAM, name);
      await manager.consumers.delete(STREAM, name);
      const { num_pending: undelivered, num_ack_pending: open, delivered } = info;
      if (undelivered + open > 0 || delivered.consumer_seq !== count)
        throw new Error(`${name}: ${delivered.consumer_seq} of ${count} were delivered, ${open} are unacknowledged`);
    },
    newestHeaderNames: async () => {
      const { state } = await manager.streams.info(STREAM);
      const newest = await manager.streams.getMessage(STREAM, { seq: state.last_seq });
      return (newest?.header.keys() ?? []).toSorted();
    },
    headerNamesDuring: async (work) => {
      const seen: string[][] = [];
      const callback = (_error: Error | null, { headers }: Msg): void => {
        if (headers?.has('ce-id')) seen.push(headers.keys().toSorted());
      };
      const subscription = connection.subscribe('>', { callback });
      await connection.flush();
      await work();
      await subscription.drain();
      return seen;
    },
    stop: async () => {
      await connection.close();
      await server.stop();
    },
  };
}

export type Database = { readonly url: string; readonly version: string; stop(): Promise<void> };

export async function startDatabase(): Promise<Database> {
  const server = await startPostgres();
  const client = new Client({ connectionString: server.url });
  await client.connect();
  for (const file of TABLES) await client.query(await readFile(file, 'utf8'));
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  await client.end();
  return { url: server.url, version: rows[0]?.server_version ?? '?', stop: () => server.stop() };
}
