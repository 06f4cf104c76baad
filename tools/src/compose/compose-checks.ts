// What a person would try first on a stack, through the gateway alone.
import { once } from 'node:events';
import { get, IncomingMessage } from 'node:http';
import { config, start } from '@longwave/gateway';
import { createLogger, readConfig, systemClock, uuidIds } from '@longwave/runtime';
import { z } from 'zod';
import { requireEqual } from './agreement.ts';
import { until, type StationClient } from './station-client.ts';
import { inRepository } from '../station/repository.ts';

const ANSWER_WITHIN_MS = 5_000;

const readiness = z.object({
  status: z.string(),
  checks: z.record(z.string(), z.object({ state: z.string(), reason: z.string().optional() })),
});

/** Ready, and nothing degraded: not even a durability that nobody could check. */
export async function untilAllReady(
  station: StationClient,
  services: readonly string[],
  withinMs: number,
): Promise<void> {
  await Promise.all(services.map((name) => until(`${name} is ready`, () => readinessOf(station, name), withinMs)));
}

async function readinessOf(station: StationClient, name: string): Promise<string | true> {
  const answer = await station.fetch('GET', `/${name}/health/ready`);
  const text = await answer.text();
  const { data } = readiness.safeParse(JSON.parse(text));
  const isWell = data?.status === 'ready' && Object.values(data.checks).every(({ state }) => state === 'up');
  return isWell || text;
}

/** The gateway of the stack says about its page what apps/gateway says about it. */
export async function sameHeadersAsGateway(station: StationClient): Promise<string> {
  const deps = {
    logger: createLogger({ service: 'gateway', replicaId: 'compose', level: 'silent', pretty: false }),
    clock: systemClock,
    ids: uuidIds,
    replicaId: 'compose',
  };
  const settings = { PORT: '0', DASHBOARD_DIRECTORY: inRepository('apps/dashboard/dist') };
  const gateway = await start(readConfig(config, settings), deps);
  try {
    const paths = ['/', '/shows/1', '/no-such-file.js'];
    for (const path of paths) await requireSameHeaders(gateway.address, station.url, path);
    return `the same policy on ${paths.join(', ')}`;
  } finally {
    await gateway.stop();
  }
}

async function requireSameHeaders(ours: string, theirs: string, path: string): Promise<void> {
  const [expected, found] = await Promise.all(
    [ours, theirs].map((base) => fetch(`${base}${path}`, { headers: { accept: 'text/html' } })),
  );
  requireEqual(`status of ${path}`, found?.status, expected?.status);
  const named = [
    'content-type',
    'content-security-policy',
    'x-content-type-options',
    'referrer-policy',
    'permissions-policy',
  ];
  const policies = ['cross-origin-opener-policy', 'cross-origin-resource-policy', 'cache-control'];
  for (const name of [...named, ...policies]) {
    const lower = (response: Response | undefined) => response?.headers.get(name)?.toLowerCase();
    requireEqual(`${name} of ${path}`, lower(found), lower(expected));
  }
}

/** What must not get through, and how it is answered. */
export async function refusals(station: StationClient): Promise<string> {
  requireEqual('status of a foreign host', await rawStatus(station.url, { host: 'evil.example', path: '/' }), 421);
  requireEqual('status of our own host', await rawStatus(station.url, { host: 'localhost', path: '/' }), 200);
  for (const path of ['/steering/../resolver/', '/steering/%2e%2e/resolver/', '//steering/', '/steering/%00'])
    requireEqual(`status of ${path}`, await rawStatus(station.url, { host: 'localhost', path }), 400);
  await requireProblem(await station.fetch('POST', '/', { body: {} }), 405);
  await requireProblem(await station.fetch('GET', '/steering/api/v1/shows/999999999/'), 404);
  requireEqual('status of metrics', (await station.fetch('GET', '/metrics')).status, 404);
  return 'a foreign host, ambiguous paths, a wrong method, metrics: refused';
}

async function requireProblem(response: Response, status: number): Promise<void> {
  requireEqual(`status of ${response.url}`, response.status, status);
  requireEqual('content type', response.headers.get('content-type'), 'application/problem+json');
}

/** Of a request as it is given: `fetch` resolves dots in paths, and lets nobody name another host. */
async function rawStatus(
  url: string,
  { host, path }: { readonly host: string; readonly path: string },
): Promise<number | undefined> {
  const { hostname, port } = new URL(url);
  const headers = { host: `${host}:${port}` };
  const request = get({ hostname, port, path, headers, timeout: ANSWER_WITHIN_MS, agent: false });
  const [response] = await once(request, 'response');
  if (!(response instanceof IncomingMessage)) throw new TypeError('node:http answers with an IncomingMessage');
  response.resume();
  return response.statusCode;
}
