// A database that lives as long as one piece of work: migrations are tried and compared in it, never in a real one.
import { randomBytes } from 'node:crypto';

import { withDatabaseName } from './database-url.ts';
import { withSession } from './session.ts';

/** Creates it on the server (the role must be allowed to), hands over its URL, drops it whatever happens. */
export async function withScratchDatabase<Result>(
  serverUrl: string,
  use: (url: string) => Promise<Result>,
): Promise<Result> {
  const server = withDatabaseName(serverUrl, 'postgres');
  const name = `scratch_${randomBytes(8).toString('hex')}`;
  // template0, because a site may have put objects of its own into template1.
  await withSession(server, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE template0`));
  try {
    return await use(withDatabaseName(server, name));
  } finally {
    await withSession(server, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  }
}
