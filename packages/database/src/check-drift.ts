// The drift gate: do the migrations lead to what schema.prisma says? Makes one database from the migrations and one
// from the schema alone and compares what Postgres thinks of them.
//
// M5  Whatever one of the two has and the other has not is named, except what schema.prisma declares
//     as existing only in the migrations (see unexpressed.ts); such a declaration that is no longer true is named too.
import { applyMigrations } from './apply-migrations.ts';
import type { CatalogObject } from './catalog.ts';
import { readCatalog } from './catalog.ts';
import { diffToSchema } from './schema-engine.ts';
import type { SchemaFile } from './schema-file.ts';
import { readSchema } from './schema-file.ts';
import { withScratchDatabase } from './scratch-database.ts';
import { withSession } from './session.ts';

export type Drift = {
  /** One sentence for each difference; empty means none. */
  readonly drift: readonly string[];
};

/**
 * `serverUrl`: any server on which databases may be created; both are dropped afterwards.
 * Throws a `MigrationError` when the migrations or the schema cannot be used.
 */
export async function checkDrift(options: {
  readonly schemaFile: URL | string;
  readonly directory: URL | string;
  readonly serverUrl: string;
}): Promise<Drift> {
  const { directory, serverUrl } = options;
  const schema = await readSchema(options.schemaFile);
  const migrated = await withScratchDatabase(serverUrl, async (url) => {
    await applyMigrations({ url, directory });
    return withSession(url, readCatalog);
  });
  const described = await withScratchDatabase(serverUrl, (url) => catalogOfSchema(url, schema));
  return { drift: compareCatalogs(migrated, described, schema.unexpressed) };
}

async function catalogOfSchema(url: string, schema: SchemaFile): Promise<readonly CatalogObject[]> {
  const script = await diffToSchema({ url, schema, from: 'empty' });
  return withSession(url, async (client) => {
    if (script !== undefined) await client.query(script);
    return readCatalog(client);
  });
}

/** Pure, so that a test can hand in any two catalogs. */
export function compareCatalogs(
  migrated: readonly CatalogObject[],
  described: readonly CatalogObject[],
  unexpressed: ReadonlySet<string>,
): readonly string[] {
  const [left, right] = [byName(migrated), byName(described)];
  const onlyLeft = migrated.filter(({ object }) => !right.has(object));
  const extra = withoutOwned(
    onlyLeft.filter((entry) => !unexpressed.has(entry.object)),
    onlyLeft,
  );
  const missing = described.filter(({ object }) => !left.has(object));
  const stale = [...unexpressed].filter((object) => !onlyLeft.some((entry) => entry.object === object));
  return [
    ...extra.map(
      ({ object, definition }) =>
        `${object} is only in the migrations (${definition}). Add it to schema.prisma, or, if Prisma cannot say it, ` +
        `write beside the model: // only in the migrations: ${object}`,
    ),
    ...withoutOwned(missing, missing).map(({ object }) => `${object} is only in schema.prisma: no migration makes it`),
    ...migrated.flatMap(({ object, definition }) => {
      const other = right.get(object);
      if (other === undefined || other === definition) return [];
      return [`${object} is "${definition}" by the migrations but "${other}" by schema.prisma`];
    }),
    ...stale.map((object) => `schema.prisma declares "${object}" as only in the migrations, but it is not`),
  ];
}

/** A missing table says enough: its columns, indexes and constraints are not news. */
function withoutOwned(objects: readonly CatalogObject[], all: readonly CatalogObject[]): readonly CatalogObject[] {
  const names = new Set(all.map(({ object }) => object));
  return objects.filter(({ object, owner }) => owner === object || !names.has(owner));
}

function byName(catalog: readonly CatalogObject[]): ReadonlyMap<string, string> {
  return new Map(catalog.map(({ object, definition }) => [object, definition]));
}
