// Makes sure that a database of the URL's name exists, so that a service can start on an empty server.
// It does not create roles and does not migrate.
import { DatabaseError, escapeIdentifier } from 'pg';

import { databaseName, withDatabaseName } from './database-url.ts';
import { withSession } from './session.ts';

/** Two creators at once: one of them gets the first code when it looks, or the second when it writes the catalog. */
const alreadyThere = new Set(['42P04', '23505']);

/**
 * Connects to the server's `postgres` database and creates the missing one. Safe against others who do the same.
 * Rejects with the server's error when the role may not create databases.
 */
export async function ensureDatabase(url: string): Promise<'created' | 'existed'> {
  const name = databaseName(url);
  return withSession(withDatabaseName(url, 'postgres'), async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 1) return 'existed';
    try {
      await client.query(`CREATE DATABASE ${escapeIdentifier(name)}`);
      return 'created';
    } catch (error) {
      if (error instanceof DatabaseError && alreadyThere.has(error.code ?? '')) return 'existed';
      throw error;
    }
  });
}
