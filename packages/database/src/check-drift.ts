// The drift gate: do the migrations lead to what schema.prisma says? Makes one database from the migrations and one
// from the schema alone and compares what Postgres thinks of them.
//
// M5  Whatever one of the two has and the other has not is named, except what schema.prisma declares
//     as existing only in the migrations (see unexpressed.ts); such a declaration that is no longer true is named too.
import { applyMigrations } from './apply-migrations.ts';
import type { CatalogObject } from './catalog.ts';
import { readCatalog } from './catalog.ts';
import { readDescribedCatalog } from './described-catalog.ts';
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
  const described = await readDescribedCatalog(serverUrl, schema);
  return { drift: compareCatalogs(migrated, described, schema.unexpressed) };
}

/** Pure. What is declared as unexpressed may be missing in the schema's database or be something else there. */
function compareCatalogs(
  migrated: readonly CatalogObject[],
  described: readonly CatalogObject[],
  unexpressed: ReadonlySet<string>,
): readonly string[] {
  const [left, right] = [byName(migrated), byName(described)];
  const extra = migrated.filter(({ object }) => !right.has(object));
  const missing = described.filter(({ object }) => !left.has(object));
  const different = migrated.filter(({ object, definition }) => (right.get(object) ?? definition) !== definition);
  const undeclared = ({ object }: CatalogObject): boolean => !unexpressed.has(object);
  const differing = new Set([...extra, ...different].map(({ object }) => object));
  return [
    ...withoutOwned(extra).filter(undeclared).map(reportExtra),
    ...withoutOwned(missing).map(({ object }) => `${object} is only in schema.prisma: no migration makes it`),
    ...different.filter(undeclared).map((entry) => reportDifferent(entry, right.get(entry.object))),
    ...[...unexpressed].filter((object) => !differing.has(object)).map(reportStale),
  ];
}

function reportExtra({ object, definition }: CatalogObject): string {
  return `${object} is only in the migrations (${definition}). ${advice(object)}`;
}

function reportDifferent({ object, definition }: CatalogObject, other: string | undefined): string {
  return `${object} is "${definition}" by the migrations but "${other}" by schema.prisma. ${advice(object)}`;
}

function reportStale(object: string): string {
  return `schema.prisma declares "${object}" as only in the migrations, but it is not`;
}

function advice(object: string): string {
  return `Make them agree, or, if Prisma cannot say it, write into schema.prisma: // only in the migrations: ${object}`;
}

/** A missing table says enough: its columns, indexes and constraints are not news. */
function withoutOwned(objects: readonly CatalogObject[]): readonly CatalogObject[] {
  const names = new Set(objects.map(({ object }) => object));
  return objects.filter(({ object, owner }) => owner === object || !names.has(owner));
}

function byName(catalog: readonly CatalogObject[]): ReadonlyMap<string, string> {
  return new Map(catalog.map(({ object, definition }) => [object, definition]));
}
