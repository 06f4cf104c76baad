// `npm run documents`: writes the documents that are generated from contracts and services, where they are out of date.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { inRepository } from '../station/repository.ts';
import { prepare } from '../station/prepare.ts';
import { generatedDocuments } from './generated-documents.ts';
import { staleDocuments } from './stale-documents.ts';

await prepare(['generate']);
const stale = await staleDocuments(await generatedDocuments());
for (const { path, text } of stale) {
  await mkdir(dirname(inRepository(path)), { recursive: true });
  await writeFile(inRepository(path), text);
  console.log(`written: ${path}`);
}
if (stale.length === 0) console.log('The documents say what the code says.');
if (process.connected) process.disconnect();
