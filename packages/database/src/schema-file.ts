// Reads a schema.prisma for the schema engine and the drift gate. One file a service; Prisma's multi-file schemas are not for us.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

import { MigrationError } from './migration-error.ts';
import { toPath } from './migration-files.ts';
import { readUnexpressed } from './unexpressed.ts';

export type SchemaFile = {
  readonly name: string;
  readonly content: string;
  /** Objects that only the migrations make, on purpose. */
  readonly unexpressed: ReadonlySet<string>;
};

/** Throws `invalid-files` when it cannot be read. */
export async function readSchema(location: URL | string): Promise<SchemaFile> {
  const path = toPath(location);
  try {
    const content = await readFile(path, 'utf8');
    return { name: basename(path), content, unexpressed: readUnexpressed(content) };
  } catch (error) {
    throw new MigrationError('invalid-files', `cannot read the schema ${path}`, { cause: error });
  }
}
