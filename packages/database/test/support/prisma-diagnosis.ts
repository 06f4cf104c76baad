// Prints, as JSON, what Prisma's own engine thinks of a database's migrations (what `prisma migrate status` asks):
// `node prisma-diagnosis.ts <url> <migrations folder>`. A process of its own, because the engine leaves a timer behind.
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm';
import { Pool } from 'pg';

import { readMigrations } from '../../src/migration-files.ts';
import { createEngineAdapterFactory } from '../../src/schema-engine-adapter.ts';

const [, , url = '', directory = ''] = process.argv;
const files = await readMigrations(directory);
const schema = 'datasource db {\n  provider = "postgresql"\n}\n';
const adapter = bindMigrationAwareSqlAdapterFactory(
  createEngineAdapterFactory(new Pool({ connectionString: url, max: 1 })),
);
const engine = await SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => undefined, adapter);
const diagnosis = await engine.diagnoseMigrationHistory({
  migrationsList: {
    baseDir: directory,
    lockfile: { path: './migration_lock.toml', content: 'provider = "postgresql"' },
    shadowDbInitScript: '',
    migrationDirectories: files.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  },
  optInToShadowDatabase: false,
  filters: { externalTables: [], externalEnums: [] },
});
process.stdout.write(JSON.stringify(diagnosis), () => process.exit(0));
