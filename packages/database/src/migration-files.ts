// The migrations folder as Prisma lays it out: `<timestamp>_<name>/migration.sql`, applied in the order of the names.
// Reads only; `make-migration.ts` writes.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { MigrationError } from './migration-error.ts';

export type MigrationFile = {
  /** The folder's name, e.g. `20261121094500_first`. */
  readonly name: string;
  readonly path: string;
  readonly sql: string;
  /** Hex SHA-256 of the content, the way Prisma records it. */
  readonly checksum: string;
};

/** All migrations in order. Throws `invalid-files` when the folder or one of the files cannot be read. */
export async function readMigrations(directory: URL | string): Promise<readonly MigrationFile[]> {
  const root = toPath(directory);
  try {
    const entries = await readdir(root, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    return await Promise.all(names.toSorted().map((name) => readMigration(root, name)));
  } catch (error) {
    throw new MigrationError('invalid-files', `cannot read the migrations in ${root}`, { cause: error });
  }
}

/**
 * Whether the file still is what was applied. Like Prisma it forgives line endings,
 * which Git changes on Windows without anybody having edited anything.
 */
export function isUnedited(file: MigrationFile, appliedChecksum: string): boolean {
  const unix = file.sql.replaceAll('\r\n', '\n');
  const variants = [file.sql, unix, unix.replaceAll('\n', '\r\n')];
  return variants.some((sql) => sha256(sql) === appliedChecksum);
}

export function toPath(location: URL | string): string {
  return location instanceof URL ? fileURLToPath(location) : location;
}

async function readMigration(root: string, name: string): Promise<MigrationFile> {
  const path = join(root, name, 'migration.sql');
  const sql = await readFile(path, 'utf8');
  return { name, path, sql, checksum: sha256(sql) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
