// What must exist before a service can run from its sources: the generated database clients and the built dashboard.
// turbo knows what is out of date; when nothing is, this takes a fraction of a second.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { repositoryRoot } from './repository.ts';
import { StartError } from './start-error.ts';

/** Turbo tasks: the clients of all services, the dashboard's page. */
export type PreparationTask = 'generate' | '@longwave/dashboard#build';

export async function prepare(tasks: readonly PreparationTask[]): Promise<void> {
  const child = spawn('turbo', ['run', ...tasks, '--output-logs=errors-only', '--no-update-notifier'], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
  });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  if (code !== 0)
    throw new StartError(`Preparing the sources failed (turbo run ${tasks.join(' ')}):\n${output}\n${errors}`);
}
