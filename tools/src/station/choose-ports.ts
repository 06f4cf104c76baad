// Which ports a station uses: the gateway's as asked for, the others beside it when they are free.
import { createServer } from 'node:net';
import { freePort } from '@longwave/embedded';
import { portOffsets, serviceNames, type ServiceName } from './services.ts';
import { StartError } from './start-error.ts';

const PORT_MAX = 65_535;

/** `gatewayPort` 0 = any. Throws StartError when the gateway's port is taken: somebody was told to expect it there. */
export async function choosePorts(gatewayPort: number): Promise<Readonly<Record<ServiceName, number>>> {
  if (gatewayPort !== 0 && !(await isFree(gatewayPort))) {
    throw new StartError(
      `Port ${gatewayPort} is taken by another program. Stop that program, or choose another port: PORT=${gatewayPort + 1_000} npm start`,
    );
  }
  const gateway = gatewayPort === 0 ? await freePort() : gatewayPort;
  const others = serviceNames.filter((name) => name !== 'gateway');
  const chosen = await Promise.all(
    others.map(
      async (name) => [name, gatewayPort === 0 ? await freePort() : await near(gateway + portOffsets[name])] as const,
    ),
  );
  return { gateway, ...(Object.fromEntries(chosen) as Record<Exclude<ServiceName, 'gateway'>, number>) };
}

/** Throws StartError when the `text` of a variable is no port. */
export function portOf(variable: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= PORT_MAX) return port;
  throw new StartError(`${variable}=${text} is not a port: give a number from 0 to ${PORT_MAX}.`);
}

/** `port` when it is free, any other otherwise. */
export async function near(port: number): Promise<number> {
  return port <= PORT_MAX && (await isFree(port)) ? port : freePort();
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
