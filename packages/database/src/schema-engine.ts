// Asks Prisma's schema engine for the SQL that leads to a schema. The engine is the WebAssembly build from npm,
// because the native one is downloaded from a host of its own.
// It never changes the database: what it answers is text.
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

import { MigrationError } from './migration-error.ts';
import type { SchemaFile } from './schema-file.ts';

export type EngineQuestion = {
  /** A database of any content for `empty`; the one to start from for `database`. */
  readonly url: string;
  readonly schema: Pick<SchemaFile, 'name' | 'content'>;
  readonly from: 'empty' | 'database';
};

export type EngineAnswer = { readonly script: string } | { readonly error: string };

const answerTimeoutMs = 30_000;

/** The SQL from there to the schema, or undefined when there is nothing to do. Throws `engine-failed`. */
export async function diffToSchema(question: EngineQuestion): Promise<string | undefined> {
  const { schema } = question;
  const worker = new Worker(
    // tsc rewrites the endings of imports only.
    new URL(`./schema-engine-thread${extname(import.meta.url)}`, import.meta.url),
    {
      workerData: { ...question, schema: { name: schema.name, content: schema.content } },
      // Node says of every WebAssembly module that importing one is experimental.
      execArgv: ['--disable-warning=ExperimentalWarning'],
    },
  );
  try {
    const answer = await firstAnswer(worker);
    if ('error' in answer) throw engineFailed(answer.error);
    return answer.script.trim() === '-- This is an empty migration.' ? undefined : answer.script;
  } finally {
    await worker.terminate();
  }
}

function firstAnswer(worker: Worker): Promise<EngineAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<EngineAnswer>();
  const timer = setTimeout(() => reject(engineFailed(`no answer in ${answerTimeoutMs} ms`)), answerTimeoutMs);
  worker.once('message', resolve);
  worker.once('error', (error) => reject(engineFailed('its thread failed', error)));
  worker.once('exit', () => reject(engineFailed('its thread ended without an answer')));
  return promise.finally(() => clearTimeout(timer));
}

function engineFailed(reason: string, cause?: unknown): MigrationError {
  return new MigrationError('engine-failed', `Prisma's schema engine could not compare: ${reason}`, { cause });
}
