// A real nats-server with JetStream as a child process: loopback only, file storage, synced before it acknowledges.
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { isSystemError } from './embedded-server-error.ts';
import { type EmbeddedServer, superviseServer } from './embedded-server.ts';
import { findNatsServer } from './find-binary.ts';
import { spawnGuarded } from './guarded-process.ts';
import { renderNatsConfig } from './nats-config.ts';
import { type PortTaken, startOnPorts } from './ports.ts';
import { becomeReady } from './readiness.ts';

export type NatsOptions = {
  /** Kept, with all streams. Absent: a temporary folder that goes with the server. */
  readonly dataDirectory?: string;
  /** 0 or absent: a free one. */
  readonly port?: number;
  readonly monitorPort?: number;
  /** `always` (default): survives power loss. `2m`: faster, survives the death of the process. */
  readonly syncInterval?: 'always' | '2m';
  /** NATS_SERVER_BIN and PATH say where the server is; it is handed down whole. Default: this process's own. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly onLog?: (line: string) => void;
  /** NATS configuration, appended: accounts, limits. */
  readonly extraConfig?: string;
  /** Large stores take time to recover. Default: a minute. */
  readonly readyWithinMs?: number;
};

export type NatsServer = EmbeddedServer & {
  /** `nats://127.0.0.1:<port>` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** `http://127.0.0.1:<port>`, with /varz, /jsz, /healthz. */
  readonly monitorUrl: string;
  /** JetStream's `store_dir`. */
  readonly storeDirectory: string;
};

type Attempt = {
  readonly binary: string;
  readonly folder: DataFolder;
  readonly port: number;
  readonly monitorPort: number;
  readonly options: NatsOptions;
};

const NAME = 'nats-server';
const HOST = '127.0.0.1';
const READY_WITHIN_MS = 60_000;
const ANSWER_DEADLINE_MS = 2_000;

/**
 * Resolves when JetStream has recovered all streams.
 * @throws EmbeddedServerError `binary-missing`, `port-taken`, `already-running`, `folder-unusable`, `not-ready`,
 * `unsupported-platform`; nothing is left running then.
 */
export async function startNats(options: NatsOptions = {}): Promise<NatsServer> {
  const binary = await findNatsServer(options.environment ?? process.env);
  const folder = await openDataFolder(NAME, options.dataDirectory);
  const advice = 'Stop that process, choose another port, or use a running server with NATS_HOST.';
  try {
    return await startOnPorts(NAME, [options.port, options.monitorPort], advice, ([port = 0, monitorPort = 0]) =>
      startOnce({ binary, folder, port, monitorPort, options }),
    );
  } catch (error) {
    folder.release();
    await folder.discard();
    throw error;
  }
}

async function startOnce(attempt: Attempt): Promise<NatsServer | PortTaken> {
  const { binary, folder, port, monitorPort, options } = attempt;
  const portsDirectory = join(folder.path, 'ports');
  const server = await spawnGuarded({
    command: binary,
    arguments: ['--config', await writeConfig(attempt, portsDirectory)],
    environment: options.environment ?? process.env,
    onLog: options.onLog,
  });
  folder.nameServer(server.pid);
  const monitorUrl = `http://${HOST}:${monitorPort}`;
  // The file of this very process first: on the port alone, someone else might answer.
  const isReady = async (): Promise<boolean> =>
    (await exists(join(portsDirectory, `nats-server_${server.pid}.ports`))) && (await isHealthy(monitorUrl));
  const deadlineMs = options.readyWithinMs ?? READY_WITHIN_MS;
  const outcome = await becomeReady(NAME, server, [port, monitorPort], isReady, deadlineMs);
  if (outcome !== 'ready') return outcome;
  const supervised = superviseServer(server, folder);
  return { ...supervised, url: `nats://${HOST}:${port}`, host: HOST, port, monitorUrl, storeDirectory: folder.path };
}

async function writeConfig({ folder, port, monitorPort, options }: Attempt, portsDirectory: string): Promise<string> {
  const file = join(folder.path, 'nats.conf');
  const { syncInterval = 'always', extraConfig = '' } = options;
  // A killed server leaves its file there, and process ids are used again.
  await rm(portsDirectory, { recursive: true, force: true });
  await mkdir(portsDirectory);
  const config = { port, monitorPort, storeDirectory: folder.path, portsDirectory, syncInterval, extraConfig };
  // Accounts may carry passwords.
  await writeFile(file, renderNatsConfig(config), { mode: 0o600 });
  return file;
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return false;
    throw error;
  }
}

/** /healthz is 200 once JetStream is enabled and every stream and consumer has been recovered. */
async function isHealthy(monitorUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${monitorUrl}/healthz`, { signal: AbortSignal.timeout(ANSWER_DEADLINE_MS) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    // Not listening yet, or too slow: asked again until the deadline, which tells what the server wrote.
    return false;
  }
}
