// Applies migration files to a database. Prisma's own way needs a downloaded engine, and the WebAssembly one splits
// files at every semicolon, which breaks functions and triggers.
//
// M1  Two appliers never migrate one database at the same moment; the later finds the work done.
// M2  A file is applied whole and recorded in the same transaction, or nothing of it is there.
// M3  What was applied is never silently different from what the repository says: an edited file is refused,
//     and so is one that sorts before an applied one, because new databases would run them in another order.
// M4  A failure names the file and the line, is kept in the history, and the next run tries again,
//     except where a half-applied file may be lying about: then a person must look first.
//
// Not for statements that Postgres forbids inside a transaction (CREATE INDEX CONCURRENTLY).
// Needs a direct connection: behind a transaction pooler the advisory lock means nothing.
import type { ClientBase } from 'pg';
import { DatabaseError } from 'pg';

import { applyMigrationFile } from './apply-migration-file.ts';
import { MigrationError } from './migration-error.ts';
import type { MigrationFile } from './migration-files.ts';
import { readMigrations } from './migration-files.ts';
import { createHistory, migrationLockKey, readHistory } from './migration-history.ts';
import { planMigrations } from './migration-plan.ts';
import { withSession } from './session.ts';

export type ApplyMigrationsOptions = {
  readonly url: string;
  /** `…/prisma/migrations` */
  readonly directory: URL | string;
  /** Called after each file has been committed. */
  readonly onApplied?: (name: string) => void;
  /** How long another applier may take before we give up. */
  readonly lockWaitMs?: number;
};

export type AppliedMigrations = {
  /** What this call applied, in order. */
  readonly applied: readonly string[];
  /** How many files there are. */
  readonly total: number;
};

/** Brings the database up to the files. Throws a `MigrationError` (see its codes) or what the connection fails with. */
export async function applyMigrations(options: ApplyMigrationsOptions): Promise<AppliedMigrations> {
  const files = await readMigrations(options.directory);
  const forEver = 0;
  const applied = await withSession(options.url, (client) => applyPending(client, files, options), forEver);
  return { applied, total: files.length };
}

async function applyPending(
  client: ClientBase,
  files: readonly MigrationFile[],
  { lockWaitMs = 60_000, onApplied }: ApplyMigrationsOptions,
): Promise<readonly string[]> {
  await lockMigrations(client, lockWaitMs);
  await createHistory(client);
  const pending = planMigrations(files, await readHistory(client));
  for (const file of pending) {
    await applyMigrationFile(client, file);
    onApplied?.(file.name);
  }
  // Explicitly, because a closing session gives its locks back a moment after we have said that we are done.
  await client.query('SELECT pg_advisory_unlock($1)', [migrationLockKey]);
  return pending.map((file) => file.name);
}

async function lockMigrations(client: ClientBase, lockWaitMs: number): Promise<void> {
  try {
    await client.query(`SELECT set_config('lock_timeout', $1, false)`, [`${lockWaitMs}ms`]);
    await client.query('SELECT pg_advisory_lock($1)', [migrationLockKey]);
    await client.query('RESET lock_timeout');
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === '55P03')) throw error;
    const message = `another process has been migrating this database for more than ${lockWaitMs} ms; wait for it, then start again`;
    throw new MigrationError('lock-timeout', message, { cause: error });
  }
}
