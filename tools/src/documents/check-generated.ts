// The check that generated documents say what the code says.
import { generatedDocuments } from './generated-documents.ts';
import { staleDocuments } from './stale-documents.ts';

/** Rejects with the documents that are out of date, and with what cannot be generated at all. */
export async function checkGenerated(): Promise<void> {
  const stale = await staleDocuments(await generatedDocuments());
  if (stale.length === 0) return;
  const lines = stale.map(({ path }) => `${path} does not say what the code says`);
  throw new Error(`${lines.join('\n')}\nWrite them again: npm run documents`);
}
