// A database without anything in it on the run's server, for tests that migrate by themselves.
import { randomBytes } from 'node:crypto';

import { Client } from 'pg';

import { ensureDatabase, withDatabaseName } from '../../src/index.ts';
import { type TestDatabase, testServerUrl } from '../../src/testing/index.ts';

export const serverUrl = testServerUrl(process.env);

export async function createEmptyDatabase(): Promise<TestDatabase> {
  const url = withDatabaseName(serverUrl, `empty_${randomBytes(6).toString('hex')}`);
  await ensureDatabase(url);
  const name = new URL(url).pathname.slice(1);
  return { url, drop: () => query(serverUrl, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`).then(() => undefined) };
}

/** One statement on a connection of its own. */
export async function query(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly Record<string, unknown>[]> {
  const client = new Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql, [...values]);
    return rows;
  } finally {
    await client.end();
  }
}
