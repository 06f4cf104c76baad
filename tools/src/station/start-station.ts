// A whole station on this machine: servers, databases, streams, services, gateway. `npm start` runs one for a person,
// the end-to-end tests run one for themselves.
//
// Y1  everything that was started is stopped, in the reverse order, also when starting fails half-way.
// Y2  a station's state is in one folder; starting again on that folder goes on with what was there.
import { access, constants, mkdir, readdir } from 'node:fs/promises';
import { applyMigrations, ensureDatabase, findServices, withDatabaseName } from '@longwave/database';
import { Lifecycle } from '@longwave/runtime';
import { applyTopology } from '@longwave/streams';
import { choosePorts } from './choose-ports.ts';
import { explainDatabaseFailure, explainFailure } from './explain-failure.ts';
import { inRepository, repositoryRoot } from './repository.ts';
import { provideNats, providePostgres, type Nats } from './servers.ts';
import { startService, type ServiceProcess } from './service-process.ts';
import { environmentOf, serviceNames, type ServiceName, type StationAddresses } from './services.ts';
import { StartError } from './start-error.ts';
import { untilReady } from './until-ready.ts';

export type StationOptions = {
  /** Kept between starts. */
  readonly stateDirectory: string;
  /** The gateway's port; 0 = any free port, for everything. */
  readonly port: number;
  /** NATS_HOST, NATS_PORT, NATS_MONITOR_URL and DATABASE_URL name servers to use instead of embedded ones. */
  readonly environment: NodeJS.ProcessEnv;
  /** Wraps each step, to show progress. */
  readonly step: <T>(what: string, work: () => Promise<T>) => Promise<T>;
  readonly onRestart: (name: ServiceName, why: string) => void;
};

export type Station = {
  readonly publicUrl: string;
  readonly nats: Nats;
  readonly postgres: { readonly url: string; readonly pid?: number };
  readonly services: readonly ServiceProcess[];
  /** Whether this start found no state of an earlier one. */
  readonly isNew: boolean;
  stop(): Promise<void>;
};

/** Every service has its own deadline of 8 s and all stop side by side; the servers take less than one more. */
const STOP_WITHIN_MS = 9_800;
/** A server that somebody else starts may be a moment behind; a person does not look at a silent screen for longer. */
const SERVER_WITHIN_MS = 10_000;

/** Resolves when every service is ready. Rejects with a StartError a person can act on. */
export async function startStation(options: StationOptions): Promise<Station> {
  const lifecycle = new Lifecycle({ withinMs: STOP_WITHIN_MS });
  try {
    return await start(options, lifecycle);
  } catch (error) {
    await lifecycle.stop(); // (Y1)
    throw explainFailure(error);
  }
}

async function start(options: StationOptions, lifecycle: Lifecycle): Promise<Station> {
  const { stateDirectory, environment, step } = options;
  const isNew = !(await openState(stateDirectory)).includes('postgres');
  const ports = await choosePorts(options.port);
  // Postgres first: its lock file refuses a second station on the same state.
  const postgres = await step('Postgres', () => providePostgres(environment, stateDirectory, lifecycle));
  const nats = await step('nats-server', () => provideNats(environment, stateDirectory, options.port === 0, lifecycle));
  const failed = new AbortController();
  const databases = step('databases', () => migrate(postgres.url)).catch((error: unknown) => {
    // Nobody waits for a server that is starting once the station is not.
    failed.abort();
    throw error;
  });
  const streams = step('streams', () =>
    applyTopology({ host: nats.host, port: nats.port, withinMs: SERVER_WITHIN_MS, signal: failed.signal }),
  );
  await Promise.all([databases, streams]);
  const publicUrl = `http://localhost:${ports.gateway}`;
  const { host: natsHost, port: natsPort, monitorUrl: natsMonitorUrl } = nats;
  const addresses: StationAddresses = {
    publicUrl,
    natsHost,
    natsPort,
    natsMonitorUrl,
    databaseUrl: postgres.url,
    ports,
  };
  const services = await step('services', () => startServices(options, addresses, lifecycle));
  return { publicUrl, nats, postgres, services, isNew, stop: () => lifecycle.stop() };
}

/** What is there of an earlier start. */
async function openState(directory: string): Promise<readonly string[]> {
  try {
    await mkdir(`${directory}/logs`, { recursive: true });
    await access(`${directory}/logs`, constants.W_OK);
    return await readdir(directory);
  } catch (error) {
    const { message } = error as Error; // node:fs throws nothing else
    throw new StartError(
      `The station cannot keep its data in ${directory}: ${message}. Correct that, or choose another folder: LONGWAVE_STATE=/path npm start`,
      { cause: error },
    );
  }
}

/** Every service's database, created when missing and brought up to date. */
async function migrate(serverUrl: string): Promise<void> {
  const services = await findServices(repositoryRoot);
  await Promise.all(
    services.map(async ({ databaseName, directory }) => {
      const url = withDatabaseName(serverUrl, databaseName);
      await ensureDatabase(url);
      await applyMigrations({ url, directory });
    }),
  ).catch((error: unknown) => {
    throw explainDatabaseFailure(error);
  });
}

async function startServices(
  { stateDirectory, environment, onRestart }: StationOptions,
  addresses: StationAddresses,
  lifecycle: Lifecycle,
): Promise<readonly ServiceProcess[]> {
  const dashboardDirectory = inRepository('apps', 'dashboard', 'dist');
  const services = serviceNames.map((name) =>
    startService({
      name,
      environment: { ...environment, ...environmentOf(name, addresses, dashboardDirectory) },
      logFile: `${stateDirectory}/logs/${name}.log`,
      onRestart,
    }),
  );
  lifecycle.add('services', async () => {
    await Promise.all(services.map((service) => service.stop()));
  });
  await Promise.all(services.map((service) => service.ready));
  await untilReady(serviceNames.map((name) => `http://127.0.0.1:${addresses.ports.gateway}/${name}/health/ready`));
  return services;
}
