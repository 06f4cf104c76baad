// A service in a process of its own, made of test/support/service-main.ts, for tests of signals and exit codes.
import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

export type Exit = { readonly code: number | null; readonly signal: string | null };

export type ServiceProcess = {
  readonly child: ChildProcess;
  /** What it sent to its parent. */
  readonly messages: unknown[];
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly exited: Promise<Exit>;
  /** Waits until its output holds this text. */
  readonly says: (text: string) => Promise<void>;
};

const main = fileURLToPath(new URL('./service-main.ts', import.meta.url));
const execArgv = ['--conditions=@longwave/source', '--disable-warning=ExperimentalWarning'];

export function forkService(env: Readonly<Record<string, string>>): ServiceProcess {
  const child = fork(main, { env: { ...env }, execArgv, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const messages: unknown[] = [];
  child.on('message', (message) => messages.push(message));
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const exited = exitOf(child);
  return {
    child,
    messages,
    stdout,
    stderr,
    exited,
    says: (text) => until(() => stdout().includes(text), `the service says '${text}', not:\n${stdout()}${stderr()}`),
  };
}

/** A process that forks a service and does nothing else, to be killed. */
export function spawnParent(): { readonly childPid: () => number | undefined; readonly kill: () => void } {
  const script = `
    const { fork } = require('node:child_process');
    const child = fork(${JSON.stringify(main)}, { execArgv: ${JSON.stringify(execArgv)}, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    child.stdout.resume();
    child.once('message', () => console.log(child.pid));
  `;
  const env = { PORT: '0', DATABASE_URL: 'postgres://db/x' };
  const parent = spawn(process.execPath, ['--eval', script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const stdout = collect(parent.stdout);
  return {
    childPid: () => (stdout() === '' ? undefined : Number(stdout())),
    kill: () => void parent.kill('SIGKILL'),
  };
}

/** Not 'close', which Node never emits after `child.disconnect()`. */
async function exitOf(child: ChildProcess): Promise<Exit> {
  const outputs = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const ends = outputs.map((stream) => finished(stream));
  const [code, signal] = await once(child, 'exit');
  await Promise.all(ends);
  return { code, signal };
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: string[] = [];
  stream?.setEncoding('utf8').on('data', (chunk) => chunks.push(String(chunk)));
  return () => chunks.join('');
}
