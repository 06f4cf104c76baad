// Folders for servers whose data nobody wants to keep. The name says which process made it, so that a later run can
// tell what a killed one left behind, without a file inside that the killed one might not have written yet (E6).
import { chmod, mkdtemp, readdir, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSystemError } from './embedded-server-error.ts';
import { identify, isAlive, processNamespace } from './process-life.ts';

const MEMORY_FOLDER = '/dev/shm';
const MEMORY_BYTES_MIN = 2 * 1024 ** 3;
const NAME = /^longwave-[a-z]+\.(\d*)\.(\d+)\.(\d*)\.\w+$/;

/**
 * Makes a folder that belongs to this process: `longwave-<kind>.<namespace>.<pid>.<birth>.<random>`. Others may pass
 * through it, because a server that runs as another user must reach what lies inside.
 */
export async function makeTemporaryFolder(kind: string, where = tmpdir()): Promise<string> {
  const { pid, birth } = identify(process.pid);
  const folder = await mkdtemp(join(where, `longwave-${kind}.${processNamespace()}.${pid}.${birth}.`));
  await chmod(folder, 0o711);
  return folder;
}

/** Where data is fastest: memory if there are 2 GB free, else the disk. */
export async function memoryFolder(): Promise<string> {
  const free = await bytesFree(MEMORY_FOLDER);
  return free >= MEMORY_BYTES_MIN ? MEMORY_FOLDER : tmpdir();
}

/** Removes temporary folders whose process is gone, and says how many. Folders of other containers are left alone. */
export async function sweepStaleFolders(): Promise<number> {
  let count = 0;
  for (const where of new Set([tmpdir(), MEMORY_FOLDER])) {
    for (const name of await namesIn(where)) {
      if (isStale(name) && (await removed(join(where, name)))) count += 1;
    }
  }
  return count;
}

function isStale(name: string): boolean {
  const [, namespace, pid, birth] = NAME.exec(name) ?? [];
  if (pid === undefined || birth === undefined || namespace !== processNamespace()) return false;
  return !isAlive({ pid: Number(pid), birth });
}

async function removed(folder: string): Promise<boolean> {
  try {
    await rm(folder, { recursive: true });
    return true;
  } catch (error) {
    // Another user's, or another sweep was faster, or a dying server still writes: the next sweep is soon enough.
    if (isSystemError(error, 'EACCES', 'EPERM', 'ENOENT', 'ENOTEMPTY')) return false;
    throw error;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'EACCES')) return [];
    throw error;
  }
}

async function bytesFree(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'EACCES')) return 0;
    throw error;
  }
}
