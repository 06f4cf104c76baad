// One database on a shared server, and the one role that may connect to it. Repeating it changes nothing.
import { escapeIdentifier, escapeLiteral, type Client } from 'pg';

export type Tenant = { readonly role: string; readonly password: string; readonly database: string };

/**
 * Makes role and database when they are missing, and gives the role that password, whatever it had: after a restore it
 * is another one. `admin` is a superuser. Rejects with what Postgres fails with.
 */
export async function ensureOwnDatabase(admin: Client, { role, password, database }: Tenant): Promise<void> {
  // A statement that fails would be in the server's log, password included.
  await admin.query(`SET log_min_error_statement = panic`);
  if (!(await exists(admin, 'SELECT 1 FROM pg_roles WHERE rolname = $1', role)))
    await admin.query(`CREATE ROLE ${escapeIdentifier(role)} LOGIN`);
  await admin.query(`ALTER ROLE ${escapeIdentifier(role)} PASSWORD ${escapeLiteral(password)}`);
  if (!(await exists(admin, 'SELECT 1 FROM pg_database WHERE datname = $1', database)))
    await admin.query(`CREATE DATABASE ${escapeIdentifier(database)} OWNER ${escapeIdentifier(role)}`);
  // By default every role may connect to every database.
  await admin.query(`REVOKE ALL ON DATABASE ${escapeIdentifier(database)} FROM PUBLIC`);
}

async function exists(admin: Client, sql: string, name: string): Promise<boolean> {
  return (await admin.query(sql, [name])).rowCount === 1;
}
