// A database of the test's own on the Postgres that the run has started, with the tables of the outbox and the inbox.
import { readFile } from 'node:fs/promises';
import { Client, Pool } from 'pg';
import { v7 } from 'uuid';

export type TestDatabase = { readonly url: string; readonly pool: Pool; drop(): Promise<void> };

export async function createDatabase(): Promise<TestDatabase> {
  const server = process.env['LONGWAVE_TEST_POSTGRES_URL'];
  if (server === undefined)
    throw new Error('LONGWAVE_TEST_POSTGRES_URL is not set; run the integration tests with `npm test`');
  const name = `messaging_${v7().replaceAll('-', '')}`;
  await administer(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const pool = new Pool({ connectionString: url.href, max: 10 });
  // A test that cuts connections does not want to hear of each.
  pool.on('error', () => undefined);
  for (const file of ['outbox/outbox-table.sql', 'inbox/inbox-tables.sql']) {
    await pool.query(await readFile(new URL(`../../src/${file}`, import.meta.url), 'utf8'));
  }
  return {
    url: url.href,
    pool,
    drop: async () => {
      await pool.end();
      await administer(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}
