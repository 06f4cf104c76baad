// E7. Who runs Postgres, and from where. Postgres refuses to run as root, so for root it runs as an unprivileged user
// that needs no account. That user cannot pass through folders such as /root: then it gets a copy of the binaries,
// and reaches its data as the folder it was started in.
import { spawnSync } from 'node:child_process';
import { constants, cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PostgresBinaries } from './find-binary.ts';
import { giveFolderTo } from './folder-ownership.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

export type PostgresAccount = {
  /** Undefined: the user of this process. */
  readonly userId: number | undefined;
  readonly binaries: PostgresBinaries;
  /** How that user names the folder it is started in. */
  readonly workingDirectoryPath: (folder: string) => string;
  /** The copy of the binaries, which someone must remove. */
  readonly temporaryFolder: string | undefined;
};

// `nobody` of most systems; what counts is that it is not root and owns nothing else.
const UNPRIVILEGED_USER_ID = 65534;

/** For root, makes a copy of the binaries (60 MB) if the unprivileged user cannot reach them. */
export async function choosePostgresAccount(binaries: PostgresBinaries): Promise<PostgresAccount> {
  if (process.getuid?.() !== 0) {
    return { userId: undefined, binaries, workingDirectoryPath: (folder) => folder, temporaryFolder: undefined };
  }
  const reachable = canRun(binaries.postgres, UNPRIVILEGED_USER_ID);
  const temporaryFolder = reachable ? undefined : await makeTemporaryFolder('binaries');
  return {
    userId: UNPRIVILEGED_USER_ID,
    binaries: temporaryFolder === undefined ? binaries : await copyBinaries(binaries, temporaryFolder),
    // The kernel enters a folder by this link without asking for the folders above it.
    workingDirectoryPath: (folder) => (process.platform === 'linux' ? '/proc/self/cwd' : folder),
    temporaryFolder,
  };
}

// The file modes on the way say too little (access lists, mounts, libraries): trying is cheap and certain.
function canRun(binary: string, userId: number): boolean {
  const { status } = spawnSync(binary, ['--version'], { uid: userId, gid: userId, env: {}, stdio: 'ignore' });
  return status === 0;
}

async function copyBinaries(binaries: PostgresBinaries, folder: string): Promise<PostgresBinaries> {
  const prefix = dirname(dirname(binaries.postgres));
  for (const part of ['bin', 'lib', 'share']) {
    await cp(join(prefix, part), join(folder, part), {
      recursive: true,
      // The links between the libraries are relative and must stay so.
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
      // Static libraries: half of the package, for compilers only.
      filter: (file) => !file.endsWith('.a'),
    });
  }
  await giveFolderTo(UNPRIVILEGED_USER_ID, folder);
  return { postgres: join(folder, 'bin', 'postgres'), initdb: join(folder, 'bin', 'initdb') };
}
