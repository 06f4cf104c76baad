// Every document that is generated, as text: what is written by `npm run documents`, and what the check compares with.
import { readFile } from 'node:fs/promises';
import { format } from 'oxfmt';
import { z } from 'zod';
import { inRepository } from '../station/repository.ts';
import { asyncApiDocument } from './asyncapi-document.ts';
import { checkAsyncApi } from './check-asyncapi.ts';
import { declaredProblems } from './declared-problems.ts';
import { errorsPage } from './errors-page.ts';
import { messageCards } from './message-card.ts';
import { messagesPage } from './messages-page.ts';
import { recordingOf } from './recordings.ts';
import { servedOpenApi } from './served-openapi.ts';

export type GeneratedDocument = {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
  /** Written when it is missing, and left alone from then on. */
  readonly once: boolean;
};

/** Rejects when a contract, a service or a code leaves something unsaid, with what to do. */
export async function generatedDocuments(): Promise<readonly GeneratedDocument[]> {
  const cards = messageCards();
  const asyncApi = asyncApiDocument(cards, await versionOfRepository());
  checkAsyncApi(asyncApi);
  const apis = await servedOpenApi();
  const errors = errorsPage(
    apis.flatMap(declaredProblems),
    apis.map(({ service }) => service),
  );
  return Promise.all([
    formatted('docs/messages.md', messagesPage(cards)),
    formatted('docs/asyncapi.json', JSON.stringify(asyncApi)),
    formatted('docs/errors.md', errors),
    ...apis.map(({ service, document }) => formatted(`docs/openapi/${service}.json`, JSON.stringify(document))),
    ...cards.map(recordingOf).map(({ path, message }) => formatted(path, JSON.stringify(message), { once: true })),
  ]);
}

/** As the formatter wants it, so that its check and ours agree. */
async function formatted(path: string, text: string, { once = false } = {}): Promise<GeneratedDocument> {
  const { code, errors } = await format(path, text, await formatOptions());
  if (errors.length > 0) throw new Error(`${path}: ${errors.map(({ message }) => message).join('; ')}`);
  return { path, text: code, once };
}

async function formatOptions(): Promise<{ readonly printWidth: number; readonly singleQuote: boolean }> {
  const options = z.object({ printWidth: z.int(), singleQuote: z.boolean() });
  return options.parse(JSON.parse(await readFile(inRepository('.oxfmtrc.json'), 'utf8')));
}

async function versionOfRepository(): Promise<string> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(inRepository('package.json'), 'utf8')));
  return version;
}
