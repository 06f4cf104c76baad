// The thread in which Prisma's schema engine runs; `schema-engine.ts` starts it and ends it.
// A thread, because the engine leaves a ten second timer behind and, when it panics, an error nobody can catch:
// both go when the thread is terminated.
import { stripVTControlCharacters } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';

import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm';
import { Pool } from 'pg';

import { createEngineAdapterFactory } from './schema-engine-adapter.ts';
import type { EngineAnswer, EngineQuestion } from './schema-engine.ts';

// `schema-engine.ts` is the only one that starts this file, with a value of this type.
const question = workerData as EngineQuestion;
const answer = (message: EngineAnswer): void => parentPort?.postMessage(message);

// The engine calls this on its way down and then traps.
Object.assign(globalThis, {
  PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => answer({ error: `it panicked: ${message}` }) },
});

async function diff({ url, schema, from }: EngineQuestion): Promise<string> {
  const files = [{ path: schema.name, content: schema.content }];
  const pool = new Pool({ connectionString: url, max: 1 });
  const adapter = bindMigrationAwareSqlAdapterFactory(createEngineAdapterFactory(pool));
  const engine = await SchemaEngine.new({ datamodels: [[schema.name, schema.content]] }, () => undefined, adapter);
  const result = await engine.diff({
    // "The datasource of a schema" is the database behind the adapter: the engine no longer takes URLs.
    from: from === 'database' ? { tag: 'schemaDatasource', files, configDir: '.' } : { tag: 'empty' },
    to: { tag: 'schemaDatamodel', files },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return result.stdout ?? '';
}

try {
  answer({ script: await diff(question) });
} catch (error) {
  answer({ error: stripVTControlCharacters(error instanceof Error ? error.message : String(error)) });
}
