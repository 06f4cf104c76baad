// The two servers a station stands on: embedded ones, unless the environment names others.
import { startNats, startPostgres } from '@longwave/embedded';
import type { Lifecycle } from '@longwave/runtime';
import { near, portOf } from './choose-ports.ts';
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
    const port = portOf('NATS_PORT', environment['NATS_PORT'] || String(NATS_PORT_DEFAULT));
    return { host, port, monitorUrl: environment['NATS_MONITOR_URL'] };
  }
  const port = freePorts ? 0 : await near(NATS_PORT_DEFAULT);
  const server = await startNats({ dataDirectory: `${stateDirectory}/nats`, port, environment });
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
  if (url !== undefined && url !== '') {
    if (isPostgresUrl(url)) return { url };
    throw new StartError('DATABASE_URL is not a URL such as postgres://user:password@host:5432/postgres. Correct it.');
  }
  const server = await startPostgres({ dataDirectory: `${stateDirectory}/postgres` });
  lifecycle.add('Postgres', () => server.stop());
  return { url: server.url, pid: server.pid };
}

/** Checked here, because a URL that cannot be read is otherwise found out far from its name. It is not repeated: it holds a password. */
function isPostgresUrl(url: string): boolean {
  return URL.canParse(url) && ['postgres:', 'postgresql:'].includes(new URL(url).protocol);
}
