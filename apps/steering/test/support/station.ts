// A steering with everything around it: a nats-server with the real streams, a database of its own, an HTTP client, and
// plain looks at what is in the database and in the streams.
import { createTestDatabase, testServerUrl } from '@longwave/database/testing';
import { until } from '@longwave/embedded/testing';
import type { StreamName } from '@longwave/contracts';
import { decodeMetadata, type StoredMessage } from '@longwave/messaging/contract';
import { createLogger, readConfig, systemClock, uuidIds, type Clock, type RunningService } from '@longwave/runtime';
import { startBroker, type Broker } from '@longwave/streams/testing';
import { Pool } from 'pg';
import { config } from '../../src/config.ts';
import { start } from '../../src/start.ts';
import { createClient, type Client } from './client.ts';

export const migrations = new URL('../../prisma/migrations', import.meta.url);

/** All that hold what a request may change. */
export const tables = [
  'show',
  'schedule',
  'timeslot',
  'episode',
  'media',
  'profile',
  'category',
  'radio_settings',
  'program_boundary',
  'package',
  'idempotency_key',
  'outbox',
] as const;

export const PUBLIC_URL = 'https://radio.example';

export type Station = Client & {
  readonly broker: Broker;
  readonly databaseUrl: string;
  /** The test's own connections to the database. */
  readonly pool: Pool;
  readonly service: RunningService;
  /** One more steering on the same database and broker, stopped with the station. */
  startReplica(settings?: Readonly<Record<string, string>>): Promise<RunningService>;
  /** Everything a stream holds, once nothing is in the outbox any more. */
  messages(stream: StreamName): Promise<readonly SeenMessage[]>;
  /** How many rows each table has. */
  rowCounts(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
};

export type SeenMessage = Pick<StoredMessage, 'subject' | 'headers'> & {
  readonly id: string | undefined;
  readonly payload: { readonly version: number; readonly createdAt: string; readonly data: Record<string, unknown> };
};

export type StationOptions = {
  /** A migrated database; absent: one of its own on the run's server. */
  readonly databaseUrl?: string;
  readonly syncInterval?: 'always' | '2m';
  readonly settings?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
};

export async function startStation(options: StationOptions = {}): Promise<Station> {
  const broker = await startBroker(options.syncInterval === undefined ? {} : { syncInterval: options.syncInterval });
  const database = options.databaseUrl === undefined ? await ownDatabase() : undefined;
  const databaseUrl = options.databaseUrl ?? database?.url ?? '';
  const pool = new Pool({ connectionString: databaseUrl, max: 2 });
  // Some tests take the database away.
  pool.on('error', () => undefined);
  const running: RunningService[] = [];

  const startReplica: Station['startReplica'] = async (more = {}) => {
    const settings = {
      ...broker.settings,
      DATABASE_URL: databaseUrl,
      PUBLIC_URL,
      PORT: '0',
      ...options.settings,
      ...more,
    };
    const deps = {
      logger: quietLogger(),
      clock: options.clock ?? systemClock,
      ids: uuidIds,
      replicaId: uuidIds.next(),
    };
    const service = await start(readConfig(config, settings), deps);
    running.push(service);
    return service;
  };
  const service = await startReplica();
  return {
    ...createClient(() => service.address),
    broker,
    databaseUrl,
    pool,
    service,
    startReplica,
    messages: async (stream) => {
      await outboxEmpty(pool);
      const { reader } = broker.backend;
      const { first, last } = await reader.bounds(stream);
      const found: SeenMessage[] = [];
      for await (const batch of reader.replay(stream, { from: first, to: last }, AbortSignal.timeout(10_000)))
        found.push(...batch.map(seen));
      return found;
    },
    rowCounts: () => rowCounts(pool),
    close: async () => {
      await Promise.all(running.map((replica) => replica.stop()));
      await pool.end();
      await Promise.all([broker.stop(), database?.drop()]);
    },
  };
}

function ownDatabase(): ReturnType<typeof createTestDatabase> {
  return createTestDatabase({ serverUrl: testServerUrl(process.env), directory: migrations });
}

function quietLogger(): ReturnType<typeof createLogger> {
  return createLogger({ service: 'steering', replicaId: 'test', level: 'silent', pretty: false });
}

function seen({ subject, headers, payload }: StoredMessage): SeenMessage {
  return { subject, headers, id: decodeMetadata(headers).id, payload: JSON.parse(Buffer.from(payload).toString()) };
}

async function outboxEmpty(pool: Pool): Promise<void> {
  // It may have to wait for a server that was away.
  await until('the outbox is empty', async () => (await rowCounts(pool))['outbox'] === 0, 20_000);
}

async function rowCounts(pool: Pool): Promise<Readonly<Record<string, number>>> {
  const counts = tables.map((table) => `(SELECT count(*) FROM ${table})::int AS ${table}`);
  const { rows } = await pool.query<Record<string, number>>(`SELECT ${counts.join()}`);
  return rows[0] ?? {};
}
