// B1 and B2, on a real Postgres and a real nats-server of their own.
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findServices, withDatabaseName } from '@longwave/database';
import { startNats, startPostgres, type NatsServer, type PostgresServer } from '@longwave/embedded';
import { temporaryFolder, type TemporaryFolder } from '@longwave/embedded/testing';
import { planTopology } from '@longwave/streams';
import { Client } from 'pg';
import { provisionStation } from '../src/provision-station.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const printed: string[] = [];

let folder: TemporaryFolder;
let postgres: PostgresServer;
let nats: NatsServer;
beforeAll(async () => {
  folder = await temporaryFolder();
  postgres = await startPostgres({ inMemory: true, durable: false });
  nats = await startNats({ dataDirectory: join(folder.path, 'nats') });
  for (const { name } of await findServices(root)) await mkdir(join(folder.path, 'secrets', name), { recursive: true });
});
afterAll(async () => {
  await nats.stop();
  await postgres.stop();
  await folder.remove();
});

function provision(): Promise<void> {
  const { hostname, port } = new URL(postgres.url);
  printed.length = 0;
  return provisionStation({
    adminDatabaseUrl: postgres.url,
    host: hostname,
    port: Number(port),
    secretsDirectory: join(folder.path, 'secrets'),
    root,
    broker: { host: nats.host, port: nats.port },
    print: (line) => printed.push(line),
  });
}

const secretFile = (service: string): string => join(folder.path, 'secrets', service, 'database-url');
const secretOf = async (service: string): Promise<string> => (await readFile(secretFile(service), 'utf8')).trim();

async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const passwordOf = (role: string) =>
  query(postgres.url, `SELECT rolpassword AS password FROM pg_authid WHERE rolname = '${role}'`);

test('an empty server gets everything a service needs, and a second time nothing changes (B2)', async () => {
  await provision();
  expect(printed).toContain('streams: all is as the topology says');
  const services = await findServices(root);
  const secrets = await Promise.all(services.map(({ name }) => secretOf(name)));
  for (const url of secrets) expect(await query(url, 'SELECT 1 AS one FROM _prisma_migrations')).not.toEqual([]);
  expect(await planTopology({ host: nats.host, port: nats.port })).toEqual([]);
  await provision();
  expect(printed.filter((line) => line.includes('applied ') && !line.includes('all '))).toEqual([]);
  expect(await Promise.all(services.map(({ name }) => secretOf(name)))).toEqual(secrets);
});

test('a service connects to its own database and to no other (B1)', async () => {
  await provision();
  const resolver = await secretOf('resolver');
  expect(new URL(resolver).username).toBe('resolver');
  for (const other of ['steering', 'audit_log'])
    await expect(query(withDatabaseName(resolver, other), 'SELECT 1')).rejects.toThrow(
      /permission denied for database/,
    );
  await expect(query(resolver, 'CREATE DATABASE mine')).rejects.toThrow(/permission denied/);
});

test('the password is long, no service has that of another, only its owner reads it, and nobody prints it (B1)', async () => {
  await provision();
  const passwords = (await Promise.all((await findServices(root)).map(({ name }) => secretOf(name)))).map(
    (url) => new URL(url).password,
  );
  expect(new Set(passwords).size).toBe(passwords.length);
  for (const password of passwords) {
    expect(password).toMatch(/^[0-9a-f]{48}$/);
    expect(printed.join('\n')).not.toContain(password);
  }
  expect((await stat(secretFile('steering'))).mode & 0o777).toBe(0o400);
});

test('a role that has another password, as after a restore, gets the one of the secret (B2)', async () => {
  await provision();
  await query(postgres.url, `ALTER ROLE steering PASSWORD 'of another stack'`);
  const restored = await passwordOf('steering');
  await provision();
  expect(await passwordOf('steering')).not.toEqual(restored);
});
