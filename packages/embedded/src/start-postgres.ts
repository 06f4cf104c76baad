// A real Postgres as a child process: loopback only, trusting everyone who can reach that, with settings for a small
// station. Works for root and for ordinary users.
import { rm } from 'node:fs/promises';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { EmbeddedServerError } from './embedded-server-error.ts';
import { type EmbeddedServer, superviseServer } from './embedded-server.ts';
import { eventually } from './eventually.ts';
import { findPostgres } from './find-binary.ts';
import { spawnGuarded } from './guarded-process.ts';
import { type PortTaken, startOnPorts } from './ports.ts';
import { choosePostgresAccount, type PostgresAccount } from './postgres-account.ts';
import { type ClusterOptions, openCluster } from './postgres-cluster.ts';
import { renderServerArguments, saysReady } from './postgres-settings.ts';
import { becomeReady } from './readiness.ts';
import { memoryFolder } from './temporary-folder.ts';

export type PostgresOptions = {
  /** Kept, with all databases. Absent: a temporary folder that goes with the server. */
  readonly dataDirectory?: string;
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** Keeps a temporary folder in memory (/dev/shm) if 2 GB are free there. For tests. */
  readonly inMemory?: boolean;
  /** Default true. False: fsync off, faster; a crash of the machine destroys the data. For tests. */
  readonly durable?: boolean;
  /** POSTGRES_BIN_DIR and PATH say where the server is. Default: this process's own. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly onLog?: (line: string) => void;
  /** Default 100. */
  readonly maxConnections?: number;
  /** Recovery after a crash takes time. Default: a minute. */
  readonly readyWithinMs?: number;
};

export type PostgresServer = EmbeddedServer & {
  /** `postgres://postgres@127.0.0.1:<port>/postgres` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  urlOf(database: string): string;
};

type Start = ClusterOptions & {
  readonly account: PostgresAccount;
  readonly folder: DataFolder;
  readonly cluster: string;
  readonly options: PostgresOptions;
};

const NAME = 'Postgres';
const HOST = '127.0.0.1';
const USER = 'postgres';
const READY_WITHIN_MS = 60_000;
const MAX_CONNECTIONS = 100;
const LEFT_OVERS_DEADLINE_MS = 10_000;

/**
 * Resolves when Postgres accepts connections.
 * @throws EmbeddedServerError `binary-missing`, `port-taken`, `already-running`, `folder-unusable`, `not-ready`,
 * `unsupported-platform`; nothing is left running then.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const environment = options.environment ?? process.env;
  const binaries = await findPostgres(environment);
  const temporaryParent = options.inMemory === true ? await memoryFolder() : undefined;
  let folder = await openDataFolder(NAME, options.dataDirectory, temporaryParent);
  try {
    const account = await choosePostgresAccount(binaries);
    folder = discardingBinaries(folder, account);
    const { durable = true, onLog } = options;
    const clusterOptions = { durable, environment: serverEnvironment(environment), onLog };
    const cluster = await openCluster(folder.path, account, clusterOptions);
    return await startPastLeftOvers({ ...clusterOptions, account, folder, cluster, options });
  } catch (error) {
    folder.release();
    await folder.discard();
    throw error;
  }
}

function discardingBinaries(folder: DataFolder, { temporaryFolder }: PostgresAccount): DataFolder {
  if (temporaryFolder === undefined) return folder;
  const discard = async (): Promise<void> => {
    await rm(temporaryFolder, { recursive: true, force: true });
    await folder.discard();
  };
  return { ...folder, discard };
}

// When only the parent process of a Postgres was killed, its children need a moment to notice.
async function startPastLeftOvers(start: Start): Promise<PostgresServer> {
  const advice = 'Stop that process, choose another port, or use a running server with DATABASE_URL.';
  const end = performance.now() + LEFT_OVERS_DEADLINE_MS;
  const outcome = await eventually(async () => {
    try {
      return await startOnPorts(NAME, [start.options.port], advice, ([port = 0]) => startOnce(start, port));
    } catch (error) {
      if (performance.now() < end && says(error, 'pre-existing shared memory block')) return undefined;
      throw says(error, 'lock file "postmaster.pid" already exists') ? alreadyRunning(start.cluster, error) : error;
    }
  }, LEFT_OVERS_DEADLINE_MS * 2);
  if (outcome === undefined) throw alreadyRunning(start.cluster, undefined);
  return outcome;
}

async function startOnce(start: Start, port: number): Promise<PostgresServer | PortTaken> {
  const { account, folder, cluster, durable, environment, options } = start;
  const { maxConnections = MAX_CONNECTIONS, readyWithinMs = READY_WITHIN_MS } = options;
  let accepts = false;
  const server = await spawnGuarded({
    command: account.binaries.postgres,
    arguments: [
      '-D',
      account.workingDirectoryPath(cluster),
      ...renderServerArguments({ port, maxConnections, durable }),
    ],
    environment,
    workingDirectory: cluster,
    userId: account.userId,
    onLog: (line) => {
      accepts ||= saysReady(line);
      options.onLog?.(line);
    },
  });
  folder.nameServer(server.pid);
  const outcome = await becomeReady(NAME, server, [port], () => accepts, readyWithinMs);
  if (outcome !== 'ready') return outcome;
  const urlOf = (database: string): string => `postgres://${USER}@${HOST}:${port}/${encodeURIComponent(database)}`;
  return { ...superviseServer(server, folder), url: urlOf('postgres'), host: HOST, port, user: USER, urlOf };
}

/** PGPORT, PGOPTIONS and the like speak to clients and would mislead the server; locales decide its log's language. */
function serverEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const neutral = Object.entries(environment).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(neutral), LC_ALL: 'C' };
}

function says(error: unknown, text: string): boolean {
  return error instanceof EmbeddedServerError && error.code === 'not-ready' && error.message.includes(text);
}

function alreadyRunning(cluster: string, cause: unknown): EmbeddedServerError {
  return new EmbeddedServerError(
    'already-running',
    `Another Postgres is running on the data folder ${cluster}. Stop that one first, or give this one another folder.`,
    { cause },
  );
}
