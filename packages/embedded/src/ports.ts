// Starting on ports: a given port must be free, a port of our choice may be lost between the choice and the start,
// and then another will do.
import { EmbeddedServerError } from './embedded-server-error.ts';
import { freePort } from './free-port.ts';

/** What an attempt to start ends with when one of its ports is not free. */
export class PortTaken {
  readonly port: number;

  constructor(port: number) {
    this.port = port;
  }
}

const ATTEMPTS_MAX = 10;

/**
 * Calls `start` with the wanted ports, and a free one where that is 0 or absent, until none is in the way of others.
 * @throws EmbeddedServerError `port-taken` for a port that was given.
 */
export async function startOnPorts<T>(
  serverName: string,
  wanted: readonly (number | undefined)[],
  advice: string,
  start: (ports: readonly number[]) => Promise<T | PortTaken>,
): Promise<T> {
  let taken = 0;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const ports = await Promise.all(wanted.map(async (port) => port || (await freePort())));
    const outcome = await start(ports);
    if (!(outcome instanceof PortTaken)) return outcome;
    taken = outcome.port;
    if (wanted.includes(taken)) break;
  }
  throw new EmbeddedServerError(
    'port-taken',
    `${serverName} cannot listen on 127.0.0.1:${taken}: another process has that port. ${advice}`,
  );
}

/** Which of the ports was not free, by what the server wrote: both word it like strerror(EADDRINUSE). */
export function findTakenPort(lines: readonly string[], ports: readonly number[]): number | undefined {
  if (!lines.some((line) => /address already in use/i.test(line))) return undefined;
  return ports.find((port) => lines.some((line) => new RegExp(`\\b${port}\\b`).test(line))) ?? ports[0];
}
