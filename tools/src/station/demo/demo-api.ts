// The few requests that load the demo station, as any client of the public API would send them. What is made is made
// once: the key of a request is a hash of its body, so that sending it again, a day later at most, is answered as before.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { StartError } from '../start-error.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const made = z.object({ id: z.int(), createdAt: z.iso.datetime() });
const settings = z.object({ stationName: z.string(), updatedAt: z.iso.datetime() });
const page = z.object({ items: z.array(z.object({ id: z.int() })) });

export type Made = z.infer<typeof made>;
export type Settings = z.infer<typeof settings>;

/** All throw StartError when the answer is not a good one. Paths are below the API's base path. */
export type DemoApi = {
  create(collection: string, body: object): Promise<Made>;
  change(path: string, body: object): Promise<void>;
  putPackage(name: string, version: string, body: object): Promise<void>;
  settings(): Promise<Settings>;
  /** The id of the first item of a list; null for an empty one. */
  firstId(path: string): Promise<number | null>;
};

const WITHIN_MS = 30_000;
const MERGE_PATCH = 'application/merge-patch+json';

export function createDemoApi(publicUrl: string, fetch: Fetch): DemoApi {
  const send = (method: string, path: string, body?: object, headers: Readonly<Record<string, string>> = {}) =>
    answered(fetch, `${publicUrl}/steering/api/v1/${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-correlation-id': 'demo-station', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(WITHIN_MS),
    });
  return {
    create: async (collection, body) => {
      const key = createHash('sha256').update(JSON.stringify(body)).digest('hex');
      return made.parse(await send('POST', `${collection}/`, body, { 'idempotency-key': `demo-station-${key}` }));
    },
    change: async (path, body) => {
      await send('PATCH', path, body, { 'content-type': MERGE_PATCH });
    },
    putPackage: async (name, version, body) => {
      await send('PUT', `packages/${name}/${version}`, body);
    },
    settings: async () => settings.parse(await send('GET', 'radio-settings/')),
    firstId: async (path) => page.parse(await send('GET', path)).items[0]?.id ?? null,
  };
}

async function answered(fetch: Fetch, url: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  throw new StartError(
    `Loading the demo station failed: ${init.method ?? ''} ${url} answered ${response.status} ${text}. Start again to go on with it, or start without it: LONGWAVE_DEMO=0 npm start`,
  );
}
