// Puts a backup into a stack that has none of its own data yet: before its first `up`, or after `down --volumes`.
import { open } from 'node:fs/promises';
import { archivePath, BackupError, checkBackup, type Manifest, type Store } from './backup-files.ts';
import { CommandError, untilDone, type Stack } from './stack.ts';

/** What each store does with its archive on standard input. The volume must be empty: nothing is ever overwritten. */
const unpack: Readonly<Record<Store, string>> = {
  nats: '[ -z "$(ls -A /data)" ] || exit 66; tar -x -f - -C /data',
  postgres:
    '[ ! -e "$PGDATA" ] || exit 66; mkdir -p "$PGDATA.new" && chmod 700 "$PGDATA.new" && ' +
    'tar --extract --ignore-zeros --file=- --directory="$PGDATA.new" && mv "$PGDATA.new" "$PGDATA"',
};
const NOT_EMPTY = 66;

/** Throws BackupError when the backup is damaged or the stack has data, CommandError when anything else fails. */
export async function restoreBackup(stack: Stack, folder: string): Promise<Manifest> {
  const manifest = await checkBackup(folder);
  for (const store of ['nats', 'postgres'] as const) await restoreStore(stack, folder, store);
  return manifest;
}

async function restoreStore(stack: Stack, folder: string, store: Store): Promise<void> {
  const file = await open(archivePath(folder, store));
  try {
    const run = ['run', '--rm', '--no-deps', '-T', '--entrypoint', 'sh', store, '-c', unpack[store]];
    const child = stack.spawn([file.fd, 'ignore', 'pipe'], ...run);
    await untilDone(child).catch((cause: unknown) => {
      if (!(cause instanceof CommandError) || child.exitCode !== NOT_EMPTY) throw cause;
      const message = `The stack has data of its own in ${store}; nothing was overwritten. Restore into an empty one: docker compose down --volumes deletes it.`;
      throw new BackupError(message, { cause });
    });
  } finally {
    await file.close();
  }
}
