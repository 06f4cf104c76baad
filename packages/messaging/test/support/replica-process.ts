// A process of a test's own that runs one of the scripts beside this file, and the lines it has written.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const FLAGS = ['--conditions=@longwave/source', '--disable-warning=ExperimentalWarning'];

export type ReplicaProcess = {
  readonly lines: readonly string[];
  readonly hasEnded: () => boolean;
  /** By which signal, if by one. */
  readonly endedBy: () => NodeJS.Signals | null;
  /** Resolves once it has ended, unless the signal was SIGSTOP or SIGCONT. */
  send(signal: NodeJS.Signals): Promise<void>;
};

/** `script`: its name in this folder. */
export function startReplica(script: string, parameters: readonly string[]): ReplicaProcess {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [...FLAGS, path, ...parameters], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'exit');
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    lines,
    hasEnded,
    endedBy: () => child.signalCode,
    send: async (signal) => {
      child.kill(signal);
      if (signal !== 'SIGSTOP' && signal !== 'SIGCONT' && !hasEnded()) await ended;
    },
  };
}
