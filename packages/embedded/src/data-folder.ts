// The folder a server lives in: the caller's, which is kept, or a temporary one, which goes with the server.
// Locked (E2) from before the start until after the exit.
import { mkdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EmbeddedServerError, isSystemError } from './embedded-server-error.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

export type DataFolder = FolderLock & {
  readonly path: string;
  /** Removes it if it is a temporary one. Call it after `release`. */
  discard(): Promise<void>;
};

/**
 * @param temporaryParent where a temporary folder is made.
 * @throws EmbeddedServerError `already-running`, `folder-unusable`
 */
export async function openDataFolder(
  serverName: 'nats-server' | 'Postgres',
  keptFolder: string | undefined,
  temporaryParent?: string,
): Promise<DataFolder> {
  const kind = serverName === 'Postgres' ? 'postgres' : 'nats';
  const path = keptFolder === undefined ? await makeTemporaryFolder(kind, temporaryParent) : resolve(keptFolder);
  return await explainUnusable(path, async () => {
    await mkdir(path, { recursive: true });
    const lock = await lockFolder(path, serverName);
    const discard = async (): Promise<void> => {
      if (keptFolder === undefined) await rm(path, { recursive: true, force: true, maxRetries: 5 });
    };
    return { path, ...lock, discard };
  });
}

/** Runs `use`; what the file system refuses it becomes EmbeddedServerError `folder-unusable`. */
export async function explainUnusable<T>(path: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (!isSystemError(error, 'EACCES', 'EPERM', 'ENOTDIR', 'EEXIST', 'EROFS', 'ENOSPC')) throw error;
    throw new EmbeddedServerError(
      'folder-unusable',
      `The data folder ${path} cannot be used (${error.message}). If another user made it, such as root, give it to ` +
        'this user (chown -R) or remove it; or make room for it; or name another folder.',
      { cause: error },
    );
  }
}
