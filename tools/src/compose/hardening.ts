// What Docker says of the running containers of a stack: whether each is denied what it does not need.
import { z } from 'zod';
import type { Stack } from './stack.ts';

const PUBLISHED: readonly string[] = ['gateway', 'nats'];

const container = z.object({
  Config: z.object({ User: z.string(), Labels: z.record(z.string(), z.string()) }),
  HostConfig: z.object({
    ReadonlyRootfs: z.boolean(),
    CapDrop: z.array(z.string()).nullable(),
    SecurityOpt: z.array(z.string()).nullable(),
    Memory: z.number(),
    PidsLimit: z.number().nullable(),
    Init: z.boolean().nullable(),
    RestartPolicy: z.object({ Name: z.string() }),
    PortBindings: z.record(z.string(), z.array(z.object({ HostIp: z.string() })).nullable()).nullable(),
  }),
});
type Container = z.infer<typeof container>;

type Rule = { readonly says: string; readonly holds: (container: Container, service: string) => boolean };

const rules: readonly Rule[] = [
  { says: 'runs as a user that is not root', holds: ({ Config }) => !/^(?:|0|root)(?::|$)/.test(Config.User) },
  { says: 'has a read-only root file system', holds: ({ HostConfig }) => HostConfig.ReadonlyRootfs },
  {
    says: 'has no capabilities but those it names',
    holds: ({ HostConfig }) => HostConfig.CapDrop?.includes('ALL') === true,
  },
  {
    says: 'cannot gain privileges',
    holds: ({ HostConfig }) =>
      HostConfig.SecurityOpt?.some((option) => option.startsWith('no-new-privileges')) === true,
  },
  { says: 'has a limit for memory', holds: ({ HostConfig }) => HostConfig.Memory > 0 },
  { says: 'has a limit for processes', holds: ({ HostConfig }) => (HostConfig.PidsLimit ?? 0) > 0 },
  { says: 'has an init that reaps and passes signals on', holds: ({ HostConfig }) => HostConfig.Init === true },
  {
    says: 'is started again when it dies',
    holds: ({ HostConfig }) => HostConfig.RestartPolicy.Name === 'unless-stopped',
  },
  { says: 'is published on loopback, if at all', holds: isPublishedRightly },
];

/** Throws with every rule that a container breaks. */
export async function requireHardened(stack: Stack): Promise<string> {
  const ids = (await stack.compose('ps', '-q')).split('\n').filter((line) => line.trim() !== '');
  const found = z.array(container).parse(JSON.parse(await stack.docker('inspect', ...ids)));
  // What has done its work and gone is not to be started again.
  const running = found.filter(({ HostConfig }) => HostConfig.RestartPolicy.Name !== 'no');
  const broken = running.flatMap((one) => {
    const service = one.Config.Labels['com.docker.compose.service'] ?? '';
    return rules.filter(({ holds }) => !holds(one, service)).map(({ says }) => `${service}: not so: ${says}`);
  });
  if (running.length === 0 || broken.length > 0) throw new Error(broken.join('\n') || 'no container runs');
  return `${running.length} containers, ${rules.length} rules each`;
}

function isPublishedRightly({ HostConfig }: Container, service: string): boolean {
  const bindings = Object.values(HostConfig.PortBindings ?? {}).flatMap((one) => one ?? []);
  return (
    bindings.every(({ HostIp }) => HostIp === '127.0.0.1') && (bindings.length === 0 || PUBLISHED.includes(service))
  );
}
