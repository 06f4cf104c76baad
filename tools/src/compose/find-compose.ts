// Which command speaks Compose on this machine, and a sentence for a person when none does.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** There is no Docker, no Compose, or no engine that answers; the message says what to install or start. */
export class NoComposeError extends Error {
  override readonly name = 'NoComposeError';
  readonly code = 'no-compose';
}

/** `docker compose` or `docker-compose`, as words. Throws NoComposeError. */
export async function findCompose(environment: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const answers = (command: string, ...args: readonly string[]): Promise<boolean> => runs(command, args, environment);
  if (!(await answers('docker', '--version')))
    throw new NoComposeError(
      'There is no `docker` on this machine. Install Docker (with Compose), then run this again.',
    );
  if (!(await answers('docker', 'info', '--format', '{{.ServerVersion}}')))
    throw new NoComposeError(
      'No Docker engine answers. Start it (or set DOCKER_HOST), as a user who may use it, then run this again.',
    );
  if (await answers('docker', 'compose', 'version')) return ['docker', 'compose'];
  if (await answers('docker-compose', 'version')) return ['docker-compose'];
  throw new NoComposeError(
    'There is Docker, but neither `docker compose` nor `docker-compose`. Install Compose, then run this again.',
  );
}

async function runs(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    await run(command, args, { env });
    return true;
  } catch {
    // Not there, or not well: to this question both are a no.
    return false;
  }
}
