// A child process that cannot become an orphan, even when this process is killed with SIGKILL, and that Ctrl-C in a
// terminal does not reach, so that the order of a stop is ours. It knows nothing of NATS or Postgres.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { childrenOf, type ProcessIdentity, signalProcess } from './process-life.ts';

export type Exit = { readonly code: number | null; readonly signal: string | null };

export type Command = {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly workingDirectory?: string | undefined;
  /** Only root may name another user; group is the same number. */
  readonly userId?: number | undefined;
  readonly onLog?: ((line: string) => void) | undefined;
};

export type GuardedProcess = {
  readonly pid: number;
  /** Resolves when the process itself is gone; its children may live on for a moment. */
  readonly exited: Promise<Exit>;
  /** Resolves when, besides, everything it wrote has been read. */
  readonly closed: Promise<void>;
  hasExited(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** The same for the process and its children (Postgres: one per connection). Gives those that were signalled. */
  signalAll(signal: NodeJS.Signals): readonly ProcessIdentity[];
  /** What it wrote last, at most 40 lines. */
  lastLines(): readonly string[];
};

const LINES_MAX = 40;

// E1. The guard waits on file descriptor 3: a line means that the server has ended, end of file that this process is
// gone, whatever killed it. Then it asks the server to stop (and to wake, should it be paused), more firmly after
// 10 s and after 20. `exec` gives the server the shell's process id; the double fork keeps the guard from being the
// server's child, which Postgres would wonder about. Plain POSIX shell.
const GUARD = `# Stops the server named below when the process that started it is gone.
still() { i=0; while [ $i -lt 10 ]; do sleep 1; kill -0 $$ || exit 0; i=$((i+1)); done; }
( (read -r _ <&3 || { kill -INT $$; kill -CONT $$; still; kill -QUIT $$; still; kill -KILL $$; }) </dev/null >/dev/null 2>&1 & )
exec 3<&- "$0" "$@"`;

/** Starts the command under a guard (E1). Rejects when there is no shell to start it with. */
export async function spawnGuarded(command: Command): Promise<GuardedProcess> {
  const child = spawn('/bin/sh', ['-c', GUARD, command.command, ...command.arguments], {
    // A session of its own: the signals of a terminal stay away (E1).
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: command.environment,
    ...(command.workingDirectory === undefined ? {} : { cwd: command.workingDirectory }),
    ...(command.userId === undefined ? {} : { uid: command.userId, gid: command.userId }),
  });
  let exit: Exit | undefined;
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      exit = { code, signal };
      resolve(exit);
    });
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = collectLines([child.stdout, child.stderr], command.onLog);
  dismissGuard(exited, child.stdio[3]);
  const pid = child.pid ?? (await spawnFailure(child));

  const signal = (name: NodeJS.Signals): void => {
    if (exit === undefined) child.kill(name);
  };
  return {
    pid,
    exited,
    closed,
    hasExited: () => exit !== undefined,
    signal,
    signalAll: (name) => signalTree(pid, name, () => exit === undefined, signal),
    lastLines: () => lines,
  };
}

async function spawnFailure(child: NodeJS.EventEmitter): Promise<never> {
  const [error] = await once(child, 'error');
  throw error;
}

// The parent is stopped before its children are listed: else it could make one that is missed. To be woken up, all
// of them have been stopped before.
function signalTree(
  pid: number,
  name: NodeJS.Signals,
  lives: () => boolean,
  signal: (name: NodeJS.Signals) => void,
): readonly ProcessIdentity[] {
  if (!lives()) return [];
  if (name !== 'SIGCONT') signal('SIGSTOP');
  const children = childrenOf(pid);
  for (const child of children) signalProcess(child.pid, name);
  if (name !== 'SIGSTOP') signal(name);
  return children;
}

function dismissGuard(exited: Promise<Exit>, pipe: unknown): void {
  // Only a process that could not be started has none.
  if (!(pipe instanceof Socket)) return;
  // The guard may have been killed: then there is no one left to dismiss.
  pipe.on('error', () => undefined);
  void exited.then(() => pipe.end('done\n', () => pipe.destroy()));
}

function collectLines(
  streams: readonly (Readable | null)[],
  onLog: ((line: string) => void) | undefined,
): readonly string[] {
  const lines: string[] = [];
  for (const stream of streams) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > LINES_MAX) lines.shift();
      onLog?.(line);
    });
  }
  return lines;
}
