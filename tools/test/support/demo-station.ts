// A steering of its own in this process, at a time of the test's choosing, and the demo station in it.
import { createTestDatabase, testServerUrl } from '@longwave/database/testing';
import { config, start } from '@longwave/steering';
import { createLogger, readConfig, uuidIds } from '@longwave/runtime';
import { startBroker } from '@longwave/streams/testing';
import type { Fetch } from '../../src/station/demo/demo-api.ts';
import { loadDemoStation, type DemoOutcome } from '../../src/station/demo/load-demo-station.ts';

export type Timeslot = {
  readonly id: number;
  readonly showId: number;
  readonly start: string;
  readonly end: string;
  readonly repetitionOfId: number | null;
};

export type DemoStation = {
  /** `failAfter`: so many requests are answered; what the next one does is done, and its answer is lost. */
  load(options?: { readonly failAfter?: number; readonly now?: Date }): Promise<DemoOutcome>;
  /** How many requests all loads have made. */
  requests(): number;
  /** Below the API's base path. The test says what it expects there. */
  get<Body>(path: string): Promise<Body>;
  names(collection: string): Promise<readonly string[]>;
  /** Of the station, by hand. */
  rename(stationName: string): Promise<void>;
  /** Of all pages. */
  timeslots(filter: string): Promise<readonly Timeslot[]>;
  stop(): Promise<void>;
};

const migrations = new URL('../../../apps/steering/prisma/migrations', import.meta.url);

export async function startDemoStation(time: string): Promise<DemoStation> {
  const broker = await startBroker();
  const database = await createTestDatabase({ serverUrl: testServerUrl(process.env), directory: migrations });
  const settings = { ...broker.settings, DATABASE_URL: database.url, PORT: '0' };
  const now = (): Date => new Date(time);
  const service = await start(readConfig(config, settings), {
    logger: createLogger({ service: 'steering', replicaId: 'test', level: 'silent', pretty: false }),
    clock: { now },
    ids: uuidIds,
    replicaId: 'test',
  });
  let requests = 0;
  const get = async <Body>(path: string): Promise<Body> => {
    const response = await fetch(`${service.address}/steering/api/v1/${path}`);
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return response.json() as Promise<Body>; // what the caller says that it is
  };
  return {
    load: ({ failAfter = Infinity, now: loadedAt = now() } = {}) => {
      const last = requests + failAfter;
      const counting: Fetch = async (url, init) => {
        const response = await fetch(url, init);
        requests += 1;
        if (requests > last) throw new Error('cut off');
        return response;
      };
      return loadDemoStation({ publicUrl: service.address, fetch: counting, now: () => loadedAt });
    },
    requests: () => requests,
    get,
    names: async (collection) => {
      const { items } = await get<{ items: { name: string }[] }>(`${collection}/?limit=200`);
      return items.map(({ name }) => name);
    },
    rename: async (stationName) => {
      const headers = { 'content-type': 'application/merge-patch+json' };
      const body = JSON.stringify({ stationName });
      await fetch(`${service.address}/steering/api/v1/radio-settings/`, { method: 'PATCH', headers, body });
    },
    timeslots: async (filter) => {
      const found: Timeslot[] = [];
      for (let path: string | null = `timeslots/?${filter}&limit=200`; path !== null;) {
        const page: { items: Timeslot[]; next: string | null } = await get(path);
        found.push(...page.items);
        path = page.next === null ? null : (page.next.split('/api/v1/')[1] ?? null);
      }
      return found;
    },
    stop: async () => {
      await service.stop();
      await Promise.all([broker.stop(), database.drop()]);
    },
  };
}
