// Lets Prisma's schema engine (WebAssembly) look into a Postgres database through `pg`.
// It only reads: nothing here runs migration files, so the adapter's splitting at semicolons harms nobody.
//
// @prisma/adapter-pg 7.10 does not know the type "char" (OID 18) that Postgres' own catalogs use, so every look
// into a database fails; told that it is text, the engine panics. So it is text for the adapter and Character for
// the engine. When an adapter passes test/make-migration.int.test.ts without this file, it can go.
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import type { Pool, QueryArrayResult } from 'pg';

const charOid = 18;
const textOid = 25;

/** The caller owns the pool and ends it. */
export function createEngineAdapterFactory(pool: Pool): SqlMigrationAwareDriverAdapterFactory {
  const charColumns = readCharAsText(pool);
  const prisma = new PrismaPg(pool);
  return {
    provider: prisma.provider,
    adapterName: prisma.adapterName,
    connect: async () => restoreCharacter(await prisma.connect(), charColumns),
    connectToShadowDb: () => Promise.reject(new Error('the comparison needs no shadow database')),
  };
}

/** Which columns of which result were "char", by the result's rows, which the adapter hands on untouched. */
type CharColumns = WeakMap<object, readonly number[]>;

function readCharAsText(pool: Pool): CharColumns {
  const charColumns: CharColumns = new WeakMap();
  // The adapter uses one of the many overloads of query: a configuration object in, a promise of array rows out.
  const query = pool.query.bind(pool) as (config: unknown) => Promise<QueryArrayResult>;
  const wrapped = async (config: unknown): Promise<QueryArrayResult> => {
    const result = await query(config);
    const isChar = result.fields.map((field) => field.dataTypeID === charOid);
    for (const field of result.fields) if (field.dataTypeID === charOid) field.dataTypeID = textOid;
    charColumns.set(
      result.rows,
      isChar.flatMap((char, index) => (char ? [index] : [])),
    );
    return result;
  };
  Object.assign(pool, { query: wrapped });
  return charColumns;
}

function restoreCharacter(adapter: SqlDriverAdapter, charColumns: CharColumns): SqlDriverAdapter {
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const index of charColumns.get(result.rows) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
  return adapter;
}
