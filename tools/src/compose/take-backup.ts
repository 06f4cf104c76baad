// Copies both stores of a running stack so that they agree.
//
// K1  Nothing is written and nothing is on its way while the stores are copied: writes get 503, reads go on.
// K2  nats-server is copied first and stands still until Postgres has been copied, too. Even a write that got through
//     would lie in the outbox of the copy, and be told after a restore.
// K3  Whatever fails, nats-server runs again and writes go on; a folder without a manifest is no backup.
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { archivePath, BackupError, openEmpty, writeManifest, type Manifest, type Store } from './backup-files.ts';
import { containersOf } from './containers.ts';
import { untilDone, type Stack } from './stack.ts';
import { holdWrites } from './write-hold.ts';

/** More than nats-server takes to stop by itself. */
const STOP_WITHIN_S = 30;

export type Backup = Manifest & {
  /** For how long writes got 503. */
  readonly heldMs: number;
};

type Containers = { readonly steering: string; readonly nats: string; readonly postgres: string };

/** Throws BackupError when the folder is not empty or something does not run, CommandError when anything else fails. */
export async function takeBackup(stack: Stack, folder: string, now: () => Date): Promise<Backup> {
  await openEmpty(folder);
  const containers: Containers = {
    steering: await runningContainer(stack, 'steering'),
    nats: await runningContainer(stack, 'nats'),
    postgres: await runningContainer(stack, 'postgres'),
  };
  const startedAt = performance.now();
  const hold = await holdWrites(stack, containers.steering); // (K1)
  const takenAt = now();
  try {
    await copyStores(stack, folder, containers);
  } finally {
    await hold.release(); // (K3)
  }
  const heldMs = Math.round(performance.now() - startedAt);
  return { ...(await writeManifest(folder, takenAt)), heldMs };
}

async function runningContainer(stack: Stack, service: string): Promise<string> {
  const [container] = await containersOf(stack, service);
  if (container === undefined) throw new BackupError(`${service} does not run: start the stack, then take the backup.`);
  return container;
}

async function copyStores(stack: Stack, folder: string, { nats, postgres }: Containers): Promise<void> {
  await stack.docker('stop', '-t', String(STOP_WITHIN_S), nats);
  try {
    await copy(stack, folder, 'nats', ['cp', `${nats}:/data/.`, '-']);
    await copy(stack, folder, 'postgres', ['exec', postgres, 'sh', '/usr/local/bin/back-up-postgres.sh']); // (K2)
  } finally {
    await stack.docker('start', nats); // (K3)
  }
}

async function copy(stack: Stack, folder: string, store: Store, command: readonly string[]): Promise<void> {
  // Whoever reads it has everything: messages, and the hashes of passwords.
  const file = createWriteStream(archivePath(folder, store), { flags: 'wx', mode: 0o600 });
  await once(file, 'open');
  const child = stack.spawnDocker(['ignore', 'pipe', 'pipe'], ...command);
  const written = once(file, 'finish');
  child.stdout?.pipe(file);
  await untilDone(child);
  await written;
}
