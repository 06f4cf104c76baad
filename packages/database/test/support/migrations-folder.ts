// A temporary `prisma` folder, so that a test can have its own migrations and schema.
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The example service of test/fixtures. */
export const station = fileURLToPath(new URL('../fixtures/station/prisma/', import.meta.url));

export type PrismaFolder = {
  /** The migrations folder. */
  readonly directory: string;
  readonly schemaFile: string;
  /** Writes or overwrites one migration. */
  readonly write: (name: string, sql: string) => Promise<void>;
  readonly writeSchema: (content: string) => Promise<void>;
  readonly remove: () => Promise<void>;
};

/** Empty, or a copy of the example service's. */
export async function makePrismaFolder(content: 'empty' | 'station' = 'empty'): Promise<PrismaFolder> {
  const root = await mkdtemp(join(tmpdir(), 'longwave-database-'));
  const [directory, schemaFile] = [join(root, 'migrations'), join(root, 'schema.prisma')];
  if (content === 'station') await cp(station, root, { recursive: true });
  else await mkdir(directory);
  return {
    directory,
    schemaFile,
    write: async (name, sql) => {
      await mkdir(join(directory, name), { recursive: true });
      await writeFile(join(directory, name, 'migration.sql'), sql);
    },
    writeSchema: (schema) => writeFile(schemaFile, schema),
    remove: () => rm(root, { recursive: true }),
  };
}
