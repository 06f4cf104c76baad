// The table `_prisma_migrations`: which files a database has seen. Its shape, its checksums and its meaning of
// "failed" and "rolled back" are Prisma's, so that `prisma migrate status` and `deploy` agree with us
// (prisma-engines, schema-engine/connectors/sql-schema-connector/src/flavour/postgres.rs and migration_persistence.rs).
import type { ClientBase } from 'pg';

import type { MigrationFile } from './migration-files.ts';

/** The key of the advisory lock Prisma's own engine takes, so that it and we never migrate at the same moment. */
export const migrationLockKey = 72_707_369;

const historyTable = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

export type HistoryRecord = {
  readonly name: string;
  readonly checksum: string;
  /** `unfinished`: somebody began and nobody knows what was left behind. */
  readonly state: 'applied' | 'unfinished';
};

export async function createHistory(client: ClientBase): Promise<void> {
  await client.query(historyTable);
}

/** What counts: attempts that were rolled back do not. In the order of the names; empty when nothing ever migrated. */
export async function readHistory(client: ClientBase): Promise<readonly HistoryRecord[]> {
  const { rows: found } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`,
  );
  if (found[0]?.exists !== true) return [];
  const { rows } = await client.query<HistoryRecord>(
    `SELECT migration_name AS name, checksum,
            CASE WHEN finished_at IS NULL THEN 'unfinished' ELSE 'applied' END AS state
       FROM _prisma_migrations
      WHERE rolled_back_at IS NULL
      ORDER BY migration_name COLLATE "C"`,
  );
  return rows;
}

/** Goes into the migration's own transaction: the file and the record of it are there together or not at all. */
export async function recordApplied(client: ClientBase, file: MigrationFile): Promise<void> {
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
     VALUES (gen_random_uuid(), $1, $2, clock_timestamp(), 1)`,
    [file.checksum, file.name],
  );
}

/** The failed attempt, for people who ask later. Not rolled back: it blocks further migrations until somebody looked. */
export async function recordFailure(
  client: ClientBase,
  file: MigrationFile,
  attempt: { readonly logs: string; readonly rolledBack: boolean },
): Promise<void> {
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, logs, rolled_back_at)
     VALUES (gen_random_uuid(), $1, $2, $3, CASE WHEN $4 THEN clock_timestamp() END)`,
    [file.checksum, file.name, attempt.logs, attempt.rolledBack],
  );
}
