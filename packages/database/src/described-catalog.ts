// What a schema.prisma describes, as Postgres would have it: the schema engine's SQL run in a scratch database.
import type { CatalogObject } from './catalog.ts';
import { readCatalog } from './catalog.ts';
import { diffToSchema } from './schema-engine.ts';
import type { SchemaFile } from './schema-file.ts';
import { withScratchDatabase } from './scratch-database.ts';
import { withSession } from './session.ts';

/** Throws `engine-failed` when the schema is wrong. */
export async function readDescribedCatalog(serverUrl: string, schema: SchemaFile): Promise<readonly CatalogObject[]> {
  return withScratchDatabase(serverUrl, async (url) => {
    const script = await diffToSchema({ url, schema, from: 'empty' });
    return withSession(url, async (client) => {
      if (script !== undefined) await client.query(script);
      return readCatalog(client);
    });
  });
}
