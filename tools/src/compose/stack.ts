// One run of infra/compose/docker-compose.yml, as its commands. It knows no service by name; what a command prints is
// in the error when it fails.
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { inRepository } from '../station/repository.ts';

export type Stack = {
  /** Undefined: what Compose calls it by itself. */
  readonly project: string | undefined;
  /** `docker compose <args>`; resolves with what it printed. Throws CommandError. */
  compose(...args: readonly string[]): Promise<string>;
  /** `docker <args>`, the same way. */
  docker(...args: readonly string[]): Promise<string>;
  /** `docker compose <args>` with streams of the caller's, who waits for its end with `untilDone`. */
  spawn(stdio: StdioOptions, ...args: readonly string[]): ChildProcess;
  /** `docker <args>`, the same way: much quicker than Compose, where seconds count. */
  spawnDocker(stdio: StdioOptions, ...args: readonly string[]): ChildProcess;
};

/** A command failed; the message has all it printed. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code = 'command-failed';

  constructor(words: readonly string[], output: string) {
    super(`${words.join(' ')} failed:\n${output.trim()}`);
  }
}

export type StackOptions = {
  /** From findCompose. */
  readonly command: readonly string[];
  readonly project?: string;
  readonly environment: NodeJS.ProcessEnv;
};

export function createStack({ command, project, environment }: StackOptions): Stack {
  const file = ['--file', inRepository('infra/compose/docker-compose.yml')];
  const words = [...command, ...file, ...(project === undefined ? [] : ['--project-name', project])];
  const start = (stdio: StdioOptions, all: readonly string[]): ChildProcess => {
    const [program = '', ...args] = all;
    return spawn(program, args, { stdio, env: environment });
  };
  return {
    project,
    compose: (...args) => outputOf([...words, ...args], start),
    docker: (...args) => outputOf(['docker', ...args], start),
    spawn: (stdio, ...args) => start(stdio, [...words, ...args]),
    spawnDocker: (stdio, ...args) => start(stdio, ['docker', ...args]),
  };
}

async function outputOf(
  words: readonly string[],
  start: (stdio: StdioOptions, all: readonly string[]) => ChildProcess,
): Promise<string> {
  const child = start(['ignore', 'pipe', 'pipe'], words);
  const [output, errors] = await Promise.all([readAll(child.stdout), readAll(child.stderr), once(child, 'close')]);
  if (child.exitCode !== 0) throw new CommandError(words, `${output}${errors}`);
  return output;
}

/** For a child whose standard error is a pipe. Throws CommandError when it fails. */
export async function untilDone(child: ChildProcess): Promise<void> {
  const [errors] = await Promise.all([readAll(child.stderr), once(child, 'close')]);
  if (child.exitCode !== 0) throw new CommandError(child.spawnargs, errors);
}

async function readAll(stream: NodeJS.ReadableStream | null): Promise<string> {
  return stream === null ? '' : text(stream);
}
