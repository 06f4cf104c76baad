// apps/steering as a process of its own, on a database of its own: as it is, or without its outbox.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { applyMigrations, ensureDatabase, withDatabaseName } from '@longwave/database';
import { forkService } from '@longwave/embedded/testing';
import type { Broker } from '@longwave/streams/testing';
import { Client } from 'pg';

export type Steering = {
  readonly pid: number;
  /** Of the bench's own. */
  readonly database: Client;
  /** Below the API's base path. Throws when the answer is not a good one. */
  send(method: string, path: string, body?: object): Promise<{ readonly id: number }>;
  /** Resolves when nothing waits in the outbox. */
  untilTold(): Promise<void>;
  stop(): Promise<void>;
};

const MAIN = new URL('../../../apps/steering/src/main.ts', import.meta.url);
const MIGRATIONS = new URL('../../../apps/steering/prisma/migrations', import.meta.url);
const HOOK = new URL('./without-outbox/replace-outbox.ts', import.meta.url);

export async function startSteering(
  name: string,
  {
    serverUrl,
    broker,
    hasOutbox,
  }: { readonly serverUrl: string; readonly broker: Broker; readonly hasOutbox: boolean },
): Promise<Steering> {
  const databaseUrl = withDatabaseName(serverUrl, name);
  await ensureDatabase(databaseUrl);
  await applyMigrations({ url: databaseUrl, directory: MIGRATIONS });
  const service = await forkService(MAIN, {
    ...broker.settings,
    DATABASE_URL: databaseUrl,
    NATS_DURABILITY: 'relaxed',
    PORT: '0',
    LOG_LEVEL: 'fatal',
    ...(hasOutbox ? {} : { NODE_OPTIONS: `--import=${HOOK.href}` }),
  });
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  return {
    pid: service.process.pid ?? 0,
    database,
    send: (method, path, body) => send(`${service.address}/steering/api/v1/${path}`, method, body),
    untilTold: () => untilOutboxEmpty(database),
    stop: async () => {
      const ended = once(service.process, 'exit');
      service.process.kill('SIGTERM');
      await ended;
      await database.end();
    },
  };
}

async function send(url: string, method: string, body: object | undefined): Promise<{ readonly id: number }> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const response = await fetch(url, {
    method,
    headers: { 'content-type': type },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status} ${text}`);
  return JSON.parse(text) as { readonly id: number }; // or a list, of which nobody asks the id
}

const TOLD_WITHIN_MS = 60_000;
const LOOK_MS = 2;

async function untilOutboxEmpty(database: Client): Promise<void> {
  const deadline = performance.now() + TOLD_WITHIN_MS;
  while (performance.now() < deadline) {
    const { rows } = await database.query('SELECT 1 FROM outbox LIMIT 1');
    if (rows.length === 0) return;
    await sleep(LOOK_MS);
  }
  throw new Error(`the outbox was not empty within ${TOLD_WITHIN_MS / 1_000} s`);
}
