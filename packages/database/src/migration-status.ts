// What a database has seen of the migrations, without changing anything, for people and for `migration status`.
import { isUnedited, readMigrations } from './migration-files.ts';
import { readHistory } from './migration-history.ts';
import { withSession } from './session.ts';

export type MigrationStatus = {
  readonly applied: readonly string[];
  /** Files not applied yet. */
  readonly pending: readonly string[];
  /** Applied, but the file is different now: the next apply will refuse. */
  readonly edited: readonly string[];
  /** Applied by a newer release, or the file was removed. */
  readonly unknown: readonly string[];
  /** Begun and not known to be rolled back: the next apply will refuse. */
  readonly unfinished: readonly string[];
};

/** Rejects with what the connection fails with, or `invalid-files`. */
export async function migrationStatus(options: {
  readonly url: string;
  readonly directory: URL | string;
}): Promise<MigrationStatus> {
  const files = new Map((await readMigrations(options.directory)).map((file) => [file.name, file]));
  const history = await withSession(options.url, readHistory);
  const applied = history.filter((record) => record.state === 'applied');
  const seen = new Set(history.map((record) => record.name));
  return {
    applied: applied.map((record) => record.name),
    pending: [...files.keys()].filter((name) => !seen.has(name)),
    edited: applied.flatMap(({ name, checksum }) => {
      const file = files.get(name);
      return file !== undefined && !isUnedited(file, checksum) ? [name] : [];
    }),
    unknown: applied.map((record) => record.name).filter((name) => !files.has(name)),
    unfinished: history.filter((record) => record.state === 'unfinished').map((record) => record.name),
  };
}
