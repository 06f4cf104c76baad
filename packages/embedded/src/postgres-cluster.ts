// The data folder of Postgres itself (its "cluster"): made once, whole or not at all.
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { explainUnusable } from './data-folder.ts';
import { isSystemError } from './embedded-server-error.ts';
import { giveFolderTo } from './folder-ownership.ts';
import { spawnGuarded } from './guarded-process.ts';
import type { PostgresAccount } from './postgres-account.ts';
import { renderInitArguments } from './postgres-settings.ts';
import { lastWords, notReady } from './readiness.ts';

export type ClusterOptions = {
  readonly durable: boolean;
  readonly environment: NodeJS.ProcessEnv;
  readonly onLog: ((line: string) => void) | undefined;
};

/**
 * Gives `<folder>/data`, made by initdb if it is not there, owned by the user of the account. The folder is locked by
 * the caller (E2).
 * @throws EmbeddedServerError `not-ready` when initdb fails, `folder-unusable`
 */
export async function openCluster(folder: string, account: PostgresAccount, options: ClusterOptions): Promise<string> {
  const data = join(folder, 'data');
  return await explainUnusable(data, async () => {
    if (!(await isThere(join(data, 'PG_VERSION')))) await createCluster(folder, data, account, options);
    if (account.userId !== undefined) await giveFolderTo(account.userId, data);
    return data;
  });
}

// Made aside and renamed: an initdb that was killed half-way leaves nothing that looks like a cluster.
async function createCluster(
  folder: string,
  data: string,
  account: PostgresAccount,
  options: ClusterOptions,
): Promise<void> {
  const draft = join(folder, 'data.new');
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  if (account.userId !== undefined) await giveFolderTo(account.userId, draft);
  const initdb = await spawnGuarded({
    command: account.binaries.initdb,
    arguments: ['-D', account.workingDirectoryPath(draft), ...renderInitArguments(options.durable)],
    environment: options.environment,
    workingDirectory: draft,
    userId: account.userId,
    onLog: options.onLog,
  });
  const { code } = await initdb.exited;
  if (code !== 0) throw notReady('initdb of Postgres', 'ended', await lastWords(initdb));
  await rename(draft, data);
}

async function isThere(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return false;
    throw error;
  }
}
