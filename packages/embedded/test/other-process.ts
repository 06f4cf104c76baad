// Runs start-both.ts for tests that need a process they may kill, or one of another user.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { NatsOptions } from '../src/start-nats.ts';
import type { PostgresOptions } from '../src/start-postgres.ts';

type Running = { readonly pid: number; readonly url: string; readonly port: number };
type RunningNats = Running & { readonly storeDirectory: string };

export type OtherProcess = {
  readonly nats: RunningNats;
  readonly postgres: Running;
  readonly process: ChildProcess;
  /** Ends its input and resolves with its exit code. */
  end(): Promise<number | null>;
};

export type OtherOptions = {
  readonly natsOptions?: NatsOptions;
  readonly postgresOptions?: PostgresOptions;
  readonly userId?: number;
  readonly environment?: NodeJS.ProcessEnv;
};

/** Resolves when both servers run. Rejects with what the process complained of. */
export async function startBothElsewhere(options: OtherOptions = {}): Promise<OtherProcess> {
  const { natsOptions, postgresOptions, userId, environment = {} } = options;
  const script = fileURLToPath(new URL('start-both.ts', import.meta.url));
  const flags = ['--conditions=@longwave/source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, script, JSON.stringify({ natsOptions, postgresOptions })], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // A process group of its own, as a terminal gives to a command.
    detached: true,
    env: { ...process.env, ...environment },
    ...(userId === undefined ? {} : { uid: userId, gid: userId }),
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const exited = once(child, 'exit');
  const line = await Promise.race([once(createInterface(child.stdout), 'line'), once(child, 'close')]);
  if (child.exitCode !== null) throw new Error(complaint);
  const { nats, postgres }: { nats: RunningNats; postgres: Running } = JSON.parse(String(line[0]));
  const end = async (): Promise<number | null> => {
    child.stdin.end();
    await exited;
    return child.exitCode;
  };
  return { nats, postgres, process: child, end };
}
