// Which services have migrations: the folders apps/*/prisma of a repository, found on disk so that no list can be stale.
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { toPath } from './migration-files.ts';

export type Service = {
  /** The folder's name, e.g. `audit-log`. */
  readonly name: string;
  /** By convention, e.g. `audit_log`. */
  readonly databaseName: string;
  readonly schemaFile: string;
  readonly directory: string;
};

/** Sorted by name. `root` is the repository's. */
export async function findServices(root: URL | string): Promise<readonly Service[]> {
  const apps = join(toPath(root), 'apps');
  const found = await Promise.all((await readdir(apps)).toSorted().map((name) => findService(apps, name)));
  return found.filter((service) => service !== undefined);
}

async function findService(apps: string, name: string): Promise<Service | undefined> {
  const prisma = join(apps, name, 'prisma');
  const schemaFile = join(prisma, 'schema.prisma');
  const hasSchema = await access(schemaFile).then(
    () => true,
    () => false,
  );
  if (!hasSchema) return undefined;
  return { name, databaseName: name.replaceAll('-', '_'), schemaFile, directory: join(prisma, 'migrations') };
}
