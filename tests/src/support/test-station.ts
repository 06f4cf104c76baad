// A whole station for one test file: real processes on free ports, an empty database, a state folder of its own. Its
// nats-server belongs to the test, which can kill it and bring it back; services are killed by their pid.
import { join } from 'node:path';
import { startNats, type NatsServer } from '@longwave/embedded';
import { temporaryFolder } from '@longwave/embedded/testing';
import { startStation, type Station } from '@longwave/tools/station';
import { until } from './until.ts';

type ServiceName = Station['services'][number]['name'];

export type TestStation = {
  readonly url: string;
  readonly nats: () => NatsServer;
  readonly databaseUrl: string;
  /** kill -9; the station starts the service again by itself. Resolves when it is dead. */
  kill(name: ServiceName): Promise<void>;
  /** Resolves once every one of `names` says that it is ready. */
  untilReady(...names: readonly ServiceName[]): Promise<void>;
  /** kill -9 of nats-server; the returned function starts it again on the same port and folder. */
  killNats(): Promise<() => Promise<void>>;
  stop(): Promise<void>;
};

/** `settings`: of every service, beside those that make it a station of its own. */
export async function startTestStation(settings: Readonly<Record<string, string>> = {}): Promise<TestStation> {
  const folder = await temporaryFolder();
  const dataDirectory = join(folder.path, 'nats');
  let nats = await startNats({ dataDirectory });
  const { port, host, monitorUrl } = nats;
  const environment = {
    ...process.env,
    NATS_HOST: host,
    NATS_PORT: String(port),
    NATS_MONITOR_URL: monitorUrl,
    DATABASE_URL: '',
    ...settings,
  };
  const station = await startStation({
    stateDirectory: join(folder.path, 'state'),
    port: 0,
    environment,
    step: (_what, work) => work(),
    onRestart: () => undefined,
  });
  const pidOf = (name: ServiceName): number | undefined =>
    station.services.find((service) => service.name === name)?.pid();
  return {
    url: station.publicUrl,
    nats: () => nats,
    databaseUrl: station.postgres.url,
    kill: async (name) => {
      const pid = pidOf(name);
      if (pid === undefined) throw new Error(`${name} is not running`);
      process.kill(pid, 'SIGKILL');
      await until(`${name} is dead`, () => pidOf(name) !== pid);
    },
    untilReady: async (...names) => {
      await Promise.all(
        names.map((name) => until(`${name} is ready`, () => isReady(`${station.publicUrl}/${name}/health/ready`))),
      );
    },
    killNats: async () => {
      await nats.kill();
      return async () => {
        nats = await startNats({ dataDirectory, port, monitorPort: Number(new URL(monitorUrl).port) });
      };
    },
    stop: async () => {
      await station.stop();
      await nats.stop();
      await folder.remove();
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined);
  return response?.ok === true;
}
