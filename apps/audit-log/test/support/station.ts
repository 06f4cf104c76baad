// A nats-server with the real streams, a database, and as many audit logs as a test wants.
import { fork, type ChildProcess } from 'node:child_process';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { createTestDatabase, testServerUrl } from '@longwave/database/testing';
import { startNats } from '@longwave/embedded';
import type { OutgoingMessage } from '@longwave/messaging/contract';
import { connectJetStream } from '@longwave/messaging/jetstream';
import { createLogger, readConfig, systemClock, uuidIds, type Logger, type RunningService } from '@longwave/runtime';
import { applyTopology } from '@longwave/streams';
import { config } from '../../src/config.ts';
import { start } from '../../src/start.ts';

export const migrations = new URL('../../prisma/migrations', import.meta.url);

export type Answer = { readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> };

export type Station = {
  readonly databaseUrl: string;
  /** A plain client that knows nothing of this project. */
  readonly plain: NatsConnection;
  readonly manager: JetStreamManager;
  publish(...messages: readonly OutgoingMessage[]): Promise<void>;
  /** An audit log in this process, stopped with the station. */
  startReplica(settings?: Readonly<Record<string, string>>, logger?: Logger): Promise<RunningService>;
  /** Where the broker listens, for publishing as a stranger could. */
  readonly natsPort: number;
  /** An audit log in a process of its own. */
  forkReplica(): Promise<{ readonly address: string; readonly process: ChildProcess }>;
  killNats(): Promise<() => Promise<void>>;
  close(): Promise<void>;
};

/** `databaseUrl`: a migrated database; absent: one of its own on the run's server. `natsFolder`: survives `killNats`. */
export async function startStation(
  options: { readonly databaseUrl?: string; readonly natsFolder?: string } = {},
): Promise<Station> {
  let nats = await startNats(options.natsFolder === undefined ? {} : { dataDirectory: options.natsFolder });
  const { host, port, monitorUrl } = nats;
  const monitorPort = Number(new URL(monitorUrl).port);
  await applyTopology({ host, port });
  const database = options.databaseUrl === undefined ? await ownDatabase() : undefined;
  const databaseUrl = options.databaseUrl ?? database?.url ?? '';
  const plain = await connect({ servers: nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  const backend = connectJetStream({ host, port, name: 'test', log: quietLogger() });
  const running: RunningService[] = [];
  const processes: ChildProcess[] = [];
  const settings = { DATABASE_URL: databaseUrl, NATS_HOST: host, NATS_PORT: String(port), PORT: '0' };

  return {
    databaseUrl,
    plain,
    manager: await jetstreamManager(plain),
    publish: async (...messages) => {
      for (const message of messages) await backend.publisher.publish(message);
    },
    natsPort: port,
    startReplica: async (more = {}, logger = quietLogger()) => {
      const environment = { ...settings, NATS_MONITOR_URL: monitorUrl, ...more };
      const replicaId = uuidIds.next();
      const deps = { logger, clock: systemClock, ids: uuidIds, replicaId };
      const service = await start(readConfig(config, environment), deps);
      running.push(service);
      return service;
    },
    forkReplica: async () => {
      const child = forkMain({ ...settings, NATS_DURABILITY: 'relaxed', LOG_LEVEL: 'fatal' });
      processes.push(child);
      return { address: await listening(child), process: child };
    },
    killNats: async () => {
      await nats.kill();
      return async () => {
        nats = await startNats({ dataDirectory: options.natsFolder ?? '', port, monitorPort });
      };
    },
    close: async () => {
      await Promise.all(running.map((service) => service.stop()));
      for (const child of processes) child.kill('SIGKILL');
      await backend.close();
      await plain.close();
      await nats.stop();
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

function forkMain(settings: Readonly<Record<string, string>>): ChildProcess {
  return fork(new URL('../../src/main.ts', import.meta.url), {
    execArgv: ['--conditions=@longwave/source', '--disable-warning=ExperimentalWarning'],
    env: { PATH: process.env['PATH'], ...settings },
  });
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the audit log ended with ${code} instead of listening`)));
    child.on('message', (message: { readonly type?: string; readonly address?: string }) => {
      if (message.type === 'listening' && message.address !== undefined) resolve(message.address);
    });
  });
}

const BASE_PATH = '/audit-log/api/v1';

/** GET below the API's base path. */
export async function get(
  service: { readonly address: string },
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return ask(`${service.address}${BASE_PATH}${path}`, headers);
}

/** GET anywhere. */
export async function ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(30_000) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}
