// The life of a started server, the same for NATS and Postgres: stop, kill, pause, resume, and what is cleaned up
// once it is gone (E6).
import type { DataFolder } from './data-folder.ts';
import { eventually } from './eventually.ts';
import type { Exit, GuardedProcess } from './guarded-process.ts';
import { isAlive, type ProcessIdentity } from './process-life.ts';

export type EmbeddedServer = {
  readonly pid: number;
  /** Asks the server to end, insists with SIGKILL after 10 s, cleans up. May be called often, and with `kill`. */
  stop(): Promise<void>;
  /** SIGKILL to the server and its children; resolves when they are gone. For fault tests. */
  kill(): Promise<void>;
  /** SIGSTOP: the server and its children keep their connections and answer nothing. For fault tests. */
  pause(): void;
  resume(): void;
  /** Resolves when the server is gone, whatever the reason. */
  readonly exited: Promise<Exit>;
};

const STOP_DEADLINE_MS = 10_000;
const CHILDREN_DEADLINE_MS = 5_000;

/** Unlocks the folder when the server exits, whatever the reason; discards it after `stop` or `kill`. */
export function superviseServer(server: GuardedProcess, folder: DataFolder): EmbeddedServer {
  const exited = server.exited.finally(() => folder.release());
  let stopping: Promise<void> | undefined;
  let cleaned: Promise<void> | undefined;
  const clean = (): Promise<void> => (cleaned ??= exited.then(() => folder.discard()));
  const kill = async (): Promise<void> => {
    await killProcess(server);
    await clean();
  };
  const stop = async (): Promise<void> => {
    server.signal('SIGINT');
    // A paused server cannot stop.
    server.signalAll('SIGCONT');
    const late = setTimeout(() => void killProcess(server), STOP_DEADLINE_MS);
    await exited;
    clearTimeout(late);
    await clean();
  };
  return {
    pid: server.pid,
    exited,
    stop: () => (stopping ??= stop()),
    kill,
    pause: () => void server.signalAll('SIGSTOP'),
    resume: () => void server.signalAll('SIGCONT'),
  };
}

/** Ends a process and its children at once, and waits until they are gone. */
export async function killProcess(server: GuardedProcess): Promise<void> {
  const children = server.signalAll('SIGKILL');
  await server.exited;
  await eventually(() => (children.some(lives) ? undefined : true), CHILDREN_DEADLINE_MS);
}

const lives = (child: ProcessIdentity): boolean => isAlive(child);
