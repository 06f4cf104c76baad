// What a stack that was taken down has left on the machine: nothing, by its labels and by its name.
import type { Stack } from './stack.ts';

/** Containers, volumes and networks that carry the project, one line each. */
export async function leftoversOf(stack: Stack, project: string): Promise<readonly string[]> {
  const label = `label=com.docker.compose.project=${project}`;
  const found = await Promise.all([
    stack.docker('ps', '--all', '--filter', label, '--format', 'container {{.Names}}'),
    stack.docker('volume', 'ls', '--filter', label, '--format', 'volume {{.Name}}'),
    stack.docker('network', 'ls', '--filter', label, '--format', 'network {{.Name}}'),
  ]);
  return found.flatMap((text) => text.split('\n')).filter((line) => line !== '');
}

/** Images of a tag, and how much each adds to what it was made from. */
export async function imageSizes(
  stack: Stack,
  tag: string,
): Promise<ReadonlyMap<string, { readonly bytes: number; readonly addedBytes: number }>> {
  const list = await stack.docker('images', '--filter', `reference=longwave/*:${tag}`, '--format', '{{.Repository}}');
  const sizes = new Map<string, { bytes: number; addedBytes: number }>();
  for (const name of list
    .split('\n')
    .filter((line) => line !== '')
    .toSorted()) {
    const bytes = await sizeOf(stack, `${name}:${tag}`);
    const base = bases[name];
    sizes.set(name, { bytes, addedBytes: bytes - (base === undefined ? 0 : await sizeOf(stack, base)) });
  }
  return sizes;
}

/** As in infra/compose/Dockerfile. */
const bases: Readonly<Record<string, string>> = {
  'longwave/gateway': 'caddy:2',
  'longwave/nats': 'nats:2.14-alpine',
  'longwave/postgres': 'postgres:18',
  'longwave/services': 'node:24-bookworm-slim',
};

async function sizeOf(stack: Stack, image: string): Promise<number> {
  return Number(await stack.docker('image', 'inspect', '--format', '{{.Size}}', image));
}
