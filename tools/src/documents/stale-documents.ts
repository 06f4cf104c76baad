// Compares what would be generated with what is there.
import { readFile } from 'node:fs/promises';
import { inRepository } from '../station/repository.ts';
import type { GeneratedDocument } from './generated-documents.ts';

/** Those of `documents` that are missing or say something else by now. What is written once is stale only when missing. */
export async function staleDocuments(
  documents: readonly GeneratedDocument[],
  read: (path: string) => Promise<string | undefined> = readIfThere,
): Promise<readonly GeneratedDocument[]> {
  const present = await Promise.all(documents.map(({ path }) => read(path)));
  return documents.filter(({ text, once }, index) => {
    const found = present[index];
    return once ? found === undefined : found !== text;
  });
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(inRepository(path), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
