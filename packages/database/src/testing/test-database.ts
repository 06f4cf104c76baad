// A database per test, cloned from a template that holds the migrations: some milliseconds instead of a migration run.
// The template is made once for each content of the migrations folder, whoever comes first (Jest workers race for it).
// Needs a server of its own: it creates and drops databases as a superuser, and keeps templates for the next run.
import { createHash, randomBytes } from 'node:crypto';

import type { ClientBase } from 'pg';
import { escapeIdentifier } from 'pg';

import { applyMigrations } from '../apply-migrations.ts';
import { withDatabaseName } from '../database-url.ts';
import type { MigrationFile } from '../migration-files.ts';
import { readMigrations } from '../migration-files.ts';
import { withSession } from '../session.ts';

export type TestDatabase = {
  readonly url: string;
  /** Cuts the connections that are still open and drops the database. */
  readonly drop: () => Promise<void>;
};

/** The environment variable that Jest's global setup fills with the URL of the run's Postgres. */
const serverVariable = 'LONGWAVE_TEST_POSTGRES_URL';

export function testServerUrl(env: Readonly<Record<string, string | undefined>>): string {
  const url = env[serverVariable];
  if (url !== undefined && url !== '') return url;
  throw new Error(
    `${serverVariable} is not set. Jest's global setup sets it for *.int.test.ts files: run with LONGWAVE_TESTS=int, ` +
      `or set it to a throw-away Postgres server, e.g. postgres://postgres@127.0.0.1:5432/postgres`,
  );
}

/** A fresh database with the migrations applied. Rejects with a `MigrationError` when they cannot be. */
export async function createTestDatabase(options: {
  readonly serverUrl: string;
  /** `…/prisma/migrations` */
  readonly directory: URL | string;
}): Promise<TestDatabase> {
  const server = withDatabaseName(options.serverUrl, 'postgres');
  const files = await readMigrations(options.directory);
  const template = `template_${contentHash(files)}`;
  const name = `test_${randomBytes(8).toString('hex')}`;
  await withSession(server, async (client) => {
    await ensureTemplate(client, { server, template, directory: options.directory });
    // FILE_COPY: no write-ahead log for the content; at a few megabytes it is the faster strategy.
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
  });
  return { url: withDatabaseName(server, name), drop: () => dropDatabase(server, name) };
}

/**
 * Built under another name and renamed when it is complete, so that a process killed in between leaves no
 * half-migrated template behind. Nobody may connect to it, because a connection to a template stops all cloning.
 */
async function ensureTemplate(
  client: ClientBase,
  options: { readonly server: string; readonly template: string; readonly directory: URL | string },
): Promise<void> {
  const { server, template, directory } = options;
  if (await exists(client, template)) return;
  await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [template]);
  try {
    if (await exists(client, template)) return;
    const unfinished = `${template}_unfinished`;
    await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${unfinished}`);
    await applyMigrations({ url: withDatabaseName(server, unfinished), directory });
    await client.query(`ALTER DATABASE ${unfinished} ALLOW_CONNECTIONS false IS_TEMPLATE true`);
    await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
  } finally {
    await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [template]);
  }
}

async function exists(client: ClientBase, name: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  return rowCount === 1;
}

async function dropDatabase(server: string, name: string): Promise<void> {
  await withSession(server, (client) => client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`));
}

function contentHash(files: readonly MigrationFile[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file.name}\0${file.checksum}\0`);
  return hash.digest('hex').slice(0, 16);
}
