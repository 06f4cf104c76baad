// What a backup is on disk: one archive for each store, and a manifest that says when it was taken and proves that the
// archives are whole.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

export const archives = { nats: 'nats.tar', postgres: 'postgres.tar' } as const;
export type Store = keyof typeof archives;

const MANIFEST = 'manifest.json';
const file = z.object({ bytes: z.int(), sha256: z.string() });
const manifest = z.object({ takenAt: z.iso.datetime(), nats: file, postgres: file });

export type Manifest = z.infer<typeof manifest>;

/** The folder cannot take a backup, or what is in it is none; the message says which. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
  readonly code = 'backup-unusable';
}

export function archivePath(folder: string, store: Store): string {
  return join(folder, archives[store]);
}

/** Makes the folder. Throws BackupError when something is in it. */
export async function openEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) throw new BackupError(`${folder} is not empty; name another folder.`);
}

/** Last of all: a folder without a manifest is no backup. */
export async function writeManifest(folder: string, takenAt: Date): Promise<Manifest> {
  const written = {
    takenAt: takenAt.toISOString(),
    nats: await measure(folder, 'nats'),
    postgres: await measure(folder, 'postgres'),
  };
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(written, null, 2)}\n`);
  return written;
}

/** Throws BackupError when the archives are not what the manifest says. */
export async function checkBackup(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch((cause: unknown) => {
    throw new BackupError(`${folder} has no ${MANIFEST}: it is no backup, or one that was not finished.`, { cause });
  });
  const expected = manifest.parse(JSON.parse(text));
  for (const store of ['nats', 'postgres'] as const) {
    if ((await measure(folder, store)).sha256 !== expected[store].sha256)
      throw new BackupError(`${archivePath(folder, store)} is damaged: it is not what ${MANIFEST} says.`);
  }
  return expected;
}

async function measure(folder: string, store: Store): Promise<z.infer<typeof file>> {
  const path = archivePath(folder, store);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}
