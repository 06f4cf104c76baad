// Decides, from files and history, what is to be applied, or why nothing may be (M3, M4). Pure.
import { MigrationError } from './migration-error.ts';
import type { MigrationFile } from './migration-files.ts';
import { isUnedited } from './migration-files.ts';
import type { HistoryRecord } from './migration-history.ts';

/**
 * The files still to apply, in order. Throws `failed-before`, `edited` or `out-of-order`.
 * Records without a file are no reason to refuse: a previous release may start against a newer database.
 */
export function planMigrations(
  files: readonly MigrationFile[],
  history: readonly HistoryRecord[],
): readonly MigrationFile[] {
  refuseUnfinished(history);
  refuseEdited(files, history);
  const applied = new Set(history.map((record) => record.name));
  const pending = files.filter((file) => !applied.has(file.name));
  refuseOutOfOrder(files, pending, applied);
  return pending;
}

function refuseUnfinished(history: readonly HistoryRecord[]): void {
  const record = history.find(({ state }) => state === 'unfinished');
  if (record === undefined) return;
  throw new MigrationError(
    'failed-before',
    `${record.name} failed earlier and may be half applied. See what it left behind (column "logs" of _prisma_migrations), ` +
      `repair it, then UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '${record.name}' AND finished_at IS NULL`,
    { migration: record.name },
  );
}

function refuseEdited(files: readonly MigrationFile[], history: readonly HistoryRecord[]): void {
  const checksums = new Map(history.map((record) => [record.name, record.checksum]));
  const edited = files.find((file) => {
    const checksum = checksums.get(file.name);
    return checksum !== undefined && !isUnedited(file, checksum);
  });
  if (edited === undefined) return;
  throw new MigrationError(
    'edited',
    `${edited.name} was edited after it had been applied to this database. Restore the file and put the change into a new migration`,
    { migration: edited.name },
  );
}

function refuseOutOfOrder(
  files: readonly MigrationFile[],
  pending: readonly MigrationFile[],
  applied: ReadonlySet<string>,
): void {
  const first = pending[0];
  const last = files.findLast((file) => applied.has(file.name));
  if (first === undefined || last === undefined || first.name > last.name) return;
  throw new MigrationError(
    'out-of-order',
    `${first.name} sorts before ${last.name}, which is applied already. Give its folder a later timestamp`,
    { migration: first.name },
  );
}
