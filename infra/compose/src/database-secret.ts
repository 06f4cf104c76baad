// The secret of one service: a file with the URL of its database, password included. It is made once, where only the
// service and the provisioner see it (a volume of their own), and never printed.
import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isNativeError } from 'node:util/types';

const FILE = 'database-url';
const PASSWORD_BYTES = 24;

export type DatabasePlace = { readonly host: string; readonly port: number; readonly name: string };

/**
 * The URL in `directory`, or a new one with a password that nobody knows yet. A role has the name of its database.
 * A file that names another place is written again with its password. Rejects with what the file system fails with.
 */
export async function databaseSecret(directory: string, place: DatabasePlace): Promise<string> {
  const known = await readUrl(directory);
  const url = urlOf(place, known?.password ?? randomBytes(PASSWORD_BYTES).toString('hex'));
  if (known?.href !== url) await writeWhole(join(directory, FILE), `${url}\n`);
  return url;
}

async function readUrl(directory: string): Promise<URL | undefined> {
  try {
    return new URL((await readFile(join(directory, FILE), 'utf8')).trim());
  } catch (error) {
    if (isNativeError(error) && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function urlOf({ host, port, name }: DatabasePlace, password: string): string {
  return new URL(`postgres://${name}:${password}@${host}:${port}/${name}`).href;
}

/** Never half of it: a service may be reading. */
async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o400 });
  await rename(`${file}.new`, file);
}
