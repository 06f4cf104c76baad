// The two servers a station stands on: embedded ones, unless the environment names others.
import { EmbeddedServerError, startNats, startPostgres } from '@longwave/embedded';
import type { Lifecycle } from '@longwave/runtime';
import { near } from './choose-ports.ts';
import { StartError } from './start-error.ts';

export type Nats = {
  readonly host: string;
  readonly port: number;
  readonly monitorUrl: string | undefined;
  readonly pid?: number;
};

const NATS_PORT_DEFAULT = 4_222;

/** Another nats-server when NATS_HOST is set, otherwise one of our own, on its usual port when that is free. */
export async function provideNats(
  environment: NodeJS.ProcessEnv,
  stateDirectory: string,
  freePorts: boolean,
  lifecycle: Lifecycle,
): Promise<Nats> {
  const host = environment['NATS_HOST'];
  if (host !== undefined && host !== '') {
    const port = Number(environment['NATS_PORT'] ?? NATS_PORT_DEFAULT);
    return { host, port, monitorUrl: environment['NATS_MONITOR_URL'] };
  }
  const port = freePorts ? 0 : await near(NATS_PORT_DEFAULT);
  const server = await explaining(startNats({ dataDirectory: `${stateDirectory}/nats`, port, environment }));
  lifecycle.add('nats-server', () => server.stop());
  return { host: server.host, port: server.port, monitorUrl: server.monitorUrl, pid: server.pid };
}

/** The base address of the databases: DATABASE_URL, or an embedded Postgres. */
export async function providePostgres(
  environment: NodeJS.ProcessEnv,
  stateDirectory: string,
  lifecycle: Lifecycle,
): Promise<{ readonly url: string; readonly pid?: number }> {
  const url = environment['DATABASE_URL'];
  if (url !== undefined && url !== '') return { url };
  const server = await explaining(startPostgres({ dataDirectory: `${stateDirectory}/postgres` }));
  lifecycle.add('Postgres', () => server.stop());
  return { url: server.url, pid: server.pid };
}

async function explaining<T>(starting: Promise<T>): Promise<T> {
  try {
    return await starting;
  } catch (error) {
    if (error instanceof EmbeddedServerError) throw new StartError(error.message, { cause: error });
    throw error;
  }
}
