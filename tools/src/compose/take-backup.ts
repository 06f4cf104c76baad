// Copies both stores of a running stack so that they agree.
//
// K1  Nothing is written and nothing is on its way while the stores are copied: writes get 503, reads go on.
// K2  nats-server is copied first and stands still until Postgres has been copied, too. Even a write that got through
//     would lie in the outbox of the copy, and be told after a restore.
// K3  Whatever fails, nats-server runs again and writes go on; a folder without a manifest is no backup.
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { archivePath, openEmpty, writeManifest, type Manifest, type Store } from './backup-files.ts';
import { untilDone, type Stack } from './stack.ts';
import { holdWrites } from './write-hold.ts';

export type Backup = Manifest & {
  /** For how long writes got 503. */
  readonly heldMs: number;
};

/** Throws BackupError when the folder is not empty, CommandError when anything else fails. */
export async function takeBackup(stack: Stack, folder: string, now: () => Date): Promise<Backup> {
  await openEmpty(folder);
  const startedAt = performance.now();
  const hold = await holdWrites(stack); // (K1)
  const takenAt = now();
  try {
    await copyStores(stack, folder);
  } finally {
    await hold.release(); // (K3)
  }
  const heldMs = Math.round(performance.now() - startedAt);
  return { ...(await writeManifest(folder, takenAt)), heldMs };
}

async function copyStores(stack: Stack, folder: string): Promise<void> {
  await stack.compose('stop', 'nats');
  try {
    const tar = ['--entrypoint', 'tar', 'nats', '-c', '-f', '-', '-C', '/data', '.'];
    await copy(stack, folder, 'nats', ['run', '--rm', '--no-deps', '-T', ...tar]);
    await copy(stack, folder, 'postgres', ['exec', '-T', 'postgres', 'sh', '/usr/local/bin/back-up-postgres.sh']); // (K2)
  } finally {
    await stack.compose('start', 'nats'); // (K3)
  }
}

async function copy(stack: Stack, folder: string, store: Store, command: readonly string[]): Promise<void> {
  // Whoever reads it has everything: messages, and the hashes of passwords.
  const file = createWriteStream(archivePath(folder, store), { flags: 'wx', mode: 0o600 });
  await once(file, 'open');
  const child = stack.spawn(['ignore', 'pipe', 'pipe'], ...command);
  const written = once(file, 'finish');
  child.stdout?.pipe(file);
  await untilDone(child);
  await written;
}
