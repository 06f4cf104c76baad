// A database without anything in it on the run's server, for tests that migrate by themselves.
import { randomBytes } from 'node:crypto';

import { ensureDatabase, withDatabaseName } from '../../src/index.ts';
import { withSession } from '../../src/session.ts';
import { type TestDatabase, testServerUrl } from '../../src/testing/index.ts';

export const serverUrl = testServerUrl(process.env);

export async function createEmptyDatabase(): Promise<TestDatabase> {
  const url = withDatabaseName(serverUrl, `empty_${randomBytes(6).toString('hex')}`);
  await ensureDatabase(url);
  const name = new URL(url).pathname.slice(1);
  return { url, drop: () => query(serverUrl, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`).then(() => undefined) };
}

/** One statement on a connection of its own. Rejects when the connection is cut, at whatever moment. */
export function query(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly Record<string, unknown>[]> {
  return withSession(url, async (client) => {
    const { rows } = await client.query<Record<string, unknown>>(sql, [...values]);
    return rows;
  });
}
