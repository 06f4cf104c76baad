// A nats-server with the real streams, a database, and as many audit logs as a test wants.
import type { ChildProcess } from 'node:child_process';
import { createTestDatabase, testServerUrl } from '@longwave/database/testing';
import { forkService, getJson, type ForkedService, type JsonAnswer } from '@longwave/embedded/testing';
import { createLogger, readConfig, systemClock, uuidIds, type Logger, type RunningService } from '@longwave/runtime';
import { startBroker, type Broker } from '@longwave/streams/testing';
import { config } from '../../src/config.ts';
import { start } from '../../src/start.ts';

export const migrations = new URL('../../prisma/migrations', import.meta.url);

export type Station = {
  readonly broker: Broker;
  readonly databaseUrl: string;
  /** An audit log in this process, stopped with the station. */
  startReplica(settings?: Readonly<Record<string, string>>, logger?: Logger): Promise<RunningService>;
  /** An audit log in a process of its own. */
  forkReplica(): Promise<ForkedService>;
  close(): Promise<void>;
};

/** `databaseUrl`: a migrated database; absent: one of its own on the run's server. */
export async function startStation(options: { readonly databaseUrl?: string } = {}): Promise<Station> {
  const broker = await startBroker();
  const database = options.databaseUrl === undefined ? await ownDatabase() : undefined;
  const databaseUrl = options.databaseUrl ?? database?.url ?? '';
  const running: RunningService[] = [];
  const processes: ChildProcess[] = [];
  const settings = { ...broker.settings, DATABASE_URL: databaseUrl, PORT: '0' };
  return {
    broker,
    databaseUrl,
    startReplica: async (more = {}, logger = quietLogger()) => {
      const deps = { logger, clock: systemClock, ids: uuidIds, replicaId: uuidIds.next() };
      const service = await start(readConfig(config, { ...settings, ...more }), deps);
      running.push(service);
      return service;
    },
    forkReplica: async () => {
      const main = new URL('../../src/main.ts', import.meta.url);
      const replica = await forkService(main, { ...settings, LOG_LEVEL: 'fatal' });
      processes.push(replica.process);
      return replica;
    },
    close: async () => {
      await Promise.all(running.map((service) => service.stop()));
      for (const child of processes) child.kill('SIGKILL');
      await broker.stop();
      await database?.drop();
    },
  };
}

function ownDatabase(): ReturnType<typeof createTestDatabase> {
  return createTestDatabase({ serverUrl: testServerUrl(process.env), directory: migrations });
}

function quietLogger(): Logger {
  return createLogger({ service: 'audit-log', replicaId: 'test', level: 'silent', pretty: false });
}

/** GET below the API's base path. */
export function get(
  service: { readonly address: string },
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<JsonAnswer> {
  return getJson(`${service.address}/audit-log/api/v1${path}`, headers);
}
