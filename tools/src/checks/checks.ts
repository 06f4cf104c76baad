// The gates before the tests, cheapest first.
import { checkDriftOfAll, findServices } from '@longwave/database';
import { startPostgres } from '@longwave/embedded';
import { checkGenerated } from '../documents/check-generated.ts';
import { runCommand } from '../run-command.ts';
import { repositoryRoot } from '../station/repository.ts';
import { checkDocuments } from './check-documents.ts';
import { checkStructure } from './check-structure.ts';

/** `run` rejects with everything that is wrong. */
export type Check = { readonly name: string; readonly run: () => Promise<void> };

// oxlint without paths would walk every node_modules.
const SOURCES = ['apps', 'bench', 'infra', 'packages', 'tests', 'tools'] as const;

export const checks: readonly Check[] = [
  { name: 'format', run: () => runCommand('oxfmt', '--check', '.') },
  { name: 'lint', run: () => runCommand('oxlint', '--deny-warnings', ...SOURCES) },
  { name: 'structure: headers, doors, who imports whom inside', run: checkStructure },
  { name: 'documents: links, READMEs, decisions', run: checkDocuments },
  { name: 'documents generated from contracts and services', run: checkGenerated },
  { name: 'boundaries: who imports whom between workspaces', run: () => runCommand('turbo', 'boundaries') },
  { name: 'types', run: () => runCommand('tsc', '-p', '.') },
  { name: 'types of the dashboard', run: () => runCommand('tsc', '-p', 'apps/dashboard') },
  // Images run it, and its types are those of declarations: stricter in places than those of sources.
  { name: 'dist can be built', run: () => runCommand('turbo', 'run', 'build', '--output-logs=errors-only') },
  { name: 'migrations say what the schemas say', run: checkMigrations },
];

async function checkMigrations(): Promise<void> {
  const server = await startPostgres({ inMemory: true, durable: false });
  try {
    const drifts = await checkDriftOfAll({ services: await findServices(repositoryRoot), serverUrl: server.url });
    const wrong = drifts.flatMap(({ service, drift }) => drift.map((line) => `${service}: ${line}`));
    if (wrong.length > 0)
      throw new Error(`${wrong.join('\n')}\nMake a migration: npm run migration -- make <service> <name>`);
  } finally {
    await server.stop();
  }
}
