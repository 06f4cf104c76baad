// Every container of a stack goes and comes back, one after the other, while somebody writes.
import { containersOf } from './containers.ts';
import { until } from './station-client.ts';
import type { Stack } from './stack.ts';

const HEALTHY_WITHIN_MS = 120_000;

/** SIGTERM, its time to stop, and a new start: what an upgrade or a reboot does. Resolves when it is healthy again. */
export async function restartGracefully(stack: Stack, service: string): Promise<void> {
  await stack.compose('restart', service);
  await untilHealthy(stack, service);
}

/** SIGKILL to the server itself, not to its container, so that Docker's restart policy is what brings it back. */
export async function killProcess(stack: Stack, service: string, program: string): Promise<void> {
  const [container = ''] = await containersOf(stack, service);
  const startedAt = await inspect(stack, container, '{{.State.StartedAt}}');
  // The container goes with it, and so does this command.
  await stack.compose('exec', '-T', service, 'sh', '-c', `kill -9 $(pidof ${program})`).catch(() => undefined);
  const isNew = async () =>
    (await inspect(stack, container, '{{.State.StartedAt}}')) !== startedAt || 'the same process';
  await until(`${service} was started again`, isNew, HEALTHY_WITHIN_MS);
  await untilHealthy(stack, service);
}

export async function untilHealthy(stack: Stack, service: string): Promise<void> {
  const isHealthy = async (): Promise<string | true> => {
    const containers = await containersOf(stack, service);
    const states = await Promise.all(
      containers.map((container) => inspect(stack, container, '{{.State.Health.Status}}')),
    );
    return (states.length > 0 && states.every((state) => state === 'healthy')) || `${service}: ${states.join(', ')}`;
  };
  await until(`${service} is healthy`, isHealthy, HEALTHY_WITHIN_MS);
}

async function inspect(stack: Stack, container: string, format: string): Promise<string> {
  return (await stack.docker('inspect', '--format', format, container)).trim();
}
