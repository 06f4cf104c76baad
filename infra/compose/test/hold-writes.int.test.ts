// What holds a station still for a backup, as the process that it is.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { refuseWhilePaused, WritesPausedError } from '@longwave/database';
import { createTestDatabase, testServerUrl, type TestDatabase } from '@longwave/database/testing';
import { until } from '@longwave/embedded/testing';
import { startBroker, type Broker } from '@longwave/streams/testing';
import { Client } from 'pg';
import { NotDrainedError, untilDrained } from '../src/until-drained.ts';

const migrations = new URL('../../../apps/steering/prisma/migrations', import.meta.url);

let broker: Broker;
let database: TestDatabase;
let client: Client;
beforeAll(async () => {
  broker = await startBroker();
  database = await createTestDatabase({ serverUrl: testServerUrl(process.env), directory: migrations });
  client = new Client(database.url);
  await client.connect();
});
afterEach(() => client.query('DELETE FROM outbox'));
afterAll(async () => {
  await client.end();
  await Promise.all([broker.stop(), database.drop()]);
});

const traffic = () => ({ databaseUrl: database.url, monitorUrl: broker.settings.NATS_MONITOR_URL });

const putIntoOutbox = (): Promise<unknown> =>
  client.query(
    `INSERT INTO outbox (lane, key, message_id, subject, headers, payload) VALUES (0, 'k', 'm', 's', '{}', '')`,
  );

function holdWrites(): ChildProcess {
  const program = fileURLToPath(new URL('../src/hold-writes.ts', import.meta.url));
  const node = ['--conditions=@longwave/source', '--disable-warning=ExperimentalWarning', program];
  const env = { ...process.env, DATABASE_URL: database.url, NATS_MONITOR_URL: broker.settings.NATS_MONITOR_URL };
  return spawn(process.execPath, node, { env, stdio: ['pipe', 'pipe', 'pipe'] });
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) return '';
  for await (const line of createInterface({ input: stdout })) return line;
  return '';
}

async function write(): Promise<void> {
  await client.query('BEGIN');
  try {
    await refuseWhilePaused(async (sql) => (await client.query(sql)).rows);
  } finally {
    await client.query('ROLLBACK');
  }
}

test('a station is drained when its outbox is empty and every consumer has settled what it was given', async () => {
  await untilDrained(traffic(), 5_000);
  await putIntoOutbox();
  await expect(untilDrained(traffic(), 300)).rejects.toThrow('1 in the outbox');
  await client.query('DELETE FROM outbox');
  broker.plain.publish('resource.steering.show.1.created', 'not settled by anybody');
  await broker.plain.flush();
  await expect(untilDrained(traffic(), 300)).rejects.toThrow(NotDrainedError);
  await expect(untilDrained(traffic(), 300)).rejects.toThrow('1 for audit-log on resource');
  await broker.manager.consumers.delete('resource', 'audit-log');
  await untilDrained(traffic(), 5_000);
});

test('writes are refused from `quiet` until its standard input ends', async () => {
  const holder = holdWrites();
  const closed = once(holder, 'close');
  expect(await firstLine(holder)).toBe('quiet');
  await expect(write()).rejects.toThrow(WritesPausedError);
  holder.stdin?.end();
  expect(await closed).toEqual([0, null]);
  await expect(write()).resolves.toBeUndefined();
});

test('writes go on when the holder is killed', async () => {
  const holder = holdWrites();
  const closed = once(holder, 'close');
  expect(await firstLine(holder)).toBe('quiet');
  holder.kill('SIGKILL');
  await closed;
  // The server notices the end of the connection by itself.
  await until('writes go on', () =>
    write().then(
      () => true,
      () => false,
    ),
  );
});

test('a holder that loses its connection says so and fails', async () => {
  const holder = holdWrites();
  const [closed, errors] = [once(holder, 'close'), holder.stderr === null ? '' : text(holder.stderr)];
  expect(await firstLine(holder)).toBe('quiet');
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'longwave-write-pause'`,
  );
  expect(await closed).toEqual([1, null]);
  expect(await errors).toContain('writes go on');
});
