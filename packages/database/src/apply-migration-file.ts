// One migration file in one transaction (M2), and what is kept when it fails (M4).
// The file goes to Postgres as one simple query, so Postgres parses it: `$$` bodies, quotes and comments are no trap.
import type { ClientBase } from 'pg';
import { DatabaseError } from 'pg';

import { MigrationError } from './migration-error.ts';
import type { MigrationFile } from './migration-files.ts';
import { recordApplied, recordFailure } from './migration-history.ts';

/** Applies and records the file. Throws `sql-failed`, `own-transaction` or `connection-lost`. */
export async function applyMigrationFile(client: ClientBase, file: MigrationFile): Promise<void> {
  let transaction: string | undefined;
  try {
    await client.query('BEGIN');
    transaction = await currentTransaction(client);
    await client.query(file.sql);
    // The next file must not depend on a search_path or role that this one left behind.
    await client.query('RESET SESSION AUTHORIZATION; RESET ALL');
    if ((await currentTransaction(client)) !== transaction) throw ownTransaction(file, undefined);
    await recordApplied(client, file);
    await client.query('COMMIT');
  } catch (error) {
    throw await explainFailure(client, file, transaction, error);
  }
}

async function explainFailure(
  client: ClientBase,
  file: MigrationFile,
  transaction: string | undefined,
  error: unknown,
): Promise<MigrationError> {
  try {
    await client.query('ROLLBACK; RESET SESSION AUTHORIZATION; RESET ALL');
    const rolledBack = !(await isCommitted(client, transaction));
    await recordFailure(client, file, { logs: describe(file, error), rolledBack });
    return rolledBack ? sqlFailed(file, error) : ownTransaction(file, error);
  } catch {
    // Without a connection nothing can be asked or recorded; the first error says why there is none.
    const message = `the connection was lost while ${file.name} was applied. Start again: the history tells whether it was committed`;
    return new MigrationError('connection-lost', message, { migration: file.name, cause: error });
  }
}

async function currentTransaction(client: ClientBase): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>('SELECT pg_current_xact_id()::text AS id');
  return rows[0]?.id;
}

async function isCommitted(client: ClientBase, transaction: string | undefined): Promise<boolean> {
  if (transaction === undefined) return false;
  const { rows } = await client.query<{ status: string }>('SELECT pg_xact_status($1::xid8) AS status', [transaction]);
  return rows[0]?.status === 'committed';
}

function sqlFailed(file: MigrationFile, error: unknown): MigrationError {
  const message = `${describe(file, error)}. Nothing of the file was applied; correct it and start again`;
  return new MigrationError('sql-failed', message, { migration: file.name, cause: error });
}

function ownTransaction(file: MigrationFile, cause: unknown): MigrationError {
  const message =
    `${file.name} contains COMMIT or ROLLBACK, which ended the transaction it was applied in, so a part of it may be there. ` +
    `Repair the database by hand and take the statement out of the file`;
  return new MigrationError('own-transaction', message, { migration: file.name, cause });
}

function describe(file: MigrationFile, error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const offset = error instanceof DatabaseError ? Number(error.position) : Number.NaN;
  const place = Number.isNaN(offset) ? '' : `:${lineAt(file.sql, offset)}`;
  return `${file.name}/migration.sql${place}: ${text}`;
}

/** Postgres counts the position in characters, not in UTF-16 units, from 1. */
function lineAt(sql: string, position: number): number {
  return (
    Array.from(sql)
      .slice(0, position - 1)
      .filter((character) => character === '\n').length + 1
  );
}
