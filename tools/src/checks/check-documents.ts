// Documents are checked, not trusted: every relative link leads somewhere, every ADR is in the index, every workspace
// has a README.
import { access, readFile } from 'node:fs/promises';
import { dirname, posix } from 'node:path';
import { inRepository } from '../station/repository.ts';
import { trackedFiles } from './tracked-files.ts';

export async function checkDocuments(): Promise<void> {
  const documents = await trackedFiles('*.md');
  const broken = (await Promise.all(documents.map(brokenLinks))).flat();
  const problems = [...broken, ...(await missingReadmes()), ...(await unlistedDecisions(documents))];
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

async function brokenLinks(document: string): Promise<readonly string[]> {
  const text = (await readFile(inRepository(document), 'utf8')).replaceAll(/```[\s\S]*?```/g, '');
  const targets = [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g)].map(
    ([, target = '']) => target,
  );
  const checked = await Promise.all(
    targets.map(async (target) => [target, await exists(posix.join(dirname(document), target))] as const),
  );
  return checked.filter(([, found]) => !found).map(([target]) => `${document}: the link to ${target} leads nowhere`);
}

async function missingReadmes(): Promise<readonly string[]> {
  const workspaces = (await trackedFiles('*package.json')).map((path) => dirname(path)).filter((path) => path !== '.');
  const checked = await Promise.all(workspaces.map(async (path) => [path, await exists(`${path}/README.md`)] as const));
  return checked
    .filter(([path, found]) => !found && !path.includes('/test/'))
    .map(([path]) => `${path}: there is no README.md`);
}

async function unlistedDecisions(documents: readonly string[]): Promise<readonly string[]> {
  const decisions = documents.filter((path) => /^docs\/adr\/\d{4}-/.test(path)).map((path) => posix.basename(path));
  if (decisions.length === 0) return [];
  const index = await readFile(inRepository('docs/adr/README.md'), 'utf8');
  return decisions.filter((name) => !index.includes(name)).map((name) => `docs/adr/README.md: ${name} is not listed`);
}

function exists(path: string): Promise<boolean> {
  return access(inRepository(path)).then(
    () => true,
    () => false,
  );
}
