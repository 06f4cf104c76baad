// What the resolver needs goes away and comes back: nothing is lost, nothing needs a restart.
// The Postgres and the nats-server are this file's own, because it harms them.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { applyMigrations, ensureDatabase } from '@longwave/database';
import { freePort, startPostgres, type PostgresServer } from '@longwave/embedded';
import { getJson, temporaryFolder, until, type TemporaryFolder } from '@longwave/embedded/testing';
import type { RunningService } from '@longwave/runtime';
import { packageMessage } from './support/fleet-messages.ts';
import { get, migrations, startStation, type Station } from './support/station.ts';

/** A statement that stands still is given up, and what waited for it is tried again some seconds later. */
const RECOVERY_MS = 20_000;

let folder: TemporaryFolder;
let postgres: PostgresServer;
let startAgain: () => Promise<PostgresServer>;
let station: Station;
let resolver: RunningService;

beforeAll(async () => {
  folder = await temporaryFolder();
  const port = await freePort();
  // Durable: what was acknowledged to the broker must survive the kill.
  startAgain = () => startPostgres({ dataDirectory: folder.path, port });
  postgres = await startAgain();
  const databaseUrl = postgres.urlOf('resolver');
  await ensureDatabase(databaseUrl);
  await applyMigrations({ url: databaseUrl, directory: migrations });
  station = await startStation({ databaseUrl });
  resolver = await station.startReplica();
}, 120_000);

afterAll(async () => {
  await station.close();
  await postgres.stop();
  await folder.remove();
});

afterEach(async () => {
  expect((await station.broker.manager.streams.info('dead-letter')).state.messages).toBe(0);
});

const publishMany = (prefix: string, count: number): Promise<void> =>
  station.broker.publish(
    ...Array.from({ length: count }, (_, index) => packageMessage('created', { name: `${prefix}-${index}` })),
  );

async function seeAll(prefix: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const path = `/packages/${prefix}-${index}/1.0.0`;
    await until(`${prefix}-${index} is visible`, async () => (await get(resolver, path)).status === 200, RECOVERY_MS);
  }
}

const readiness = () => getJson(`${resolver.address}/health/ready`);

test('V4 Postgres is killed: messages wait, reads are 503 with Retry-After, and all is applied when it is back', async () => {
  await publishMany('before-kill', 3);
  await seeAll('before-kill', 3);
  await postgres.kill();
  await publishMany('while-dead', 100);
  const answer = await get(resolver, '/packages/before-kill-0/1.0.0');
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('2');
  expect(answer.body).toMatchObject({ code: 'database-unavailable' });
  expect((await get(resolver, '/packages/')).status).toBe(503);
  const health = await readiness();
  expect(health.status).toBe(503);
  expect(health.body).toMatchObject({ checks: { database: { state: 'down' } } });
  expect(JSON.stringify(health.body)).not.toContain('127.0.0.1');
  postgres = await startAgain();
  await seeAll('while-dead', 100);
  await until('it is ready again', async () => (await readiness()).status === 200, RECOVERY_MS);
});

test('V4 Postgres stands still: requests end within their deadline, and all is applied when it goes on', async () => {
  await publishMany('before-pause', 1);
  await seeAll('before-pause', 1);
  postgres.pause();
  try {
    await publishMany('while-paused', 40);
    const startedAt = performance.now();
    expect((await get(resolver, '/packages/before-pause-0/1.0.0')).status).toBe(503);
    expect(performance.now() - startedAt).toBeLessThan(12_000);
  } finally {
    postgres.resume();
  }
  await seeAll('while-paused', 40);
});

test('V5 nats-server is away: reads work, readiness says so, and consuming goes on when it is back', async () => {
  await publishMany('before-away', 1);
  await seeAll('before-away', 1);
  const bringBack = await station.broker.kill();
  await until('readiness says so', async () => {
    const { body } = await readiness();
    return JSON.stringify(body).includes('nats-server is away');
  });
  expect((await get(resolver, '/packages/before-away-0/1.0.0')).status).toBe(200);
  expect((await get(resolver, '/packages/?name=before-away-0')).status).toBe(200);
  const away = await readiness();
  expect(away.status).toBe(200);
  expect(away.body).toMatchObject({ checks: { broker: { state: 'degraded' }, consumption: { state: 'degraded' } } });
  expect(JSON.stringify(away.body)).not.toContain('127.0.0.1');
  await bringBack();
  await publishMany('after-away', 20);
  await seeAll('after-away', 20);
});

test('V5 the resolver starts while everything it needs is away, and works when it comes', async () => {
  await postgres.stop();
  const bringBack = await station.broker.kill();
  const late = await station.startReplica();
  expect((await get(late, '/packages/')).status).toBe(503);
  postgres = await startAgain();
  await bringBack();
  await publishMany('late', 5);
  const isReady = async () => {
    const { status, body } = await getJson(`${late.address}/health/ready`);
    return status === 200 && !JSON.stringify(body).includes('degraded');
  };
  await until('the late one is ready', isReady, RECOVERY_MS);
  await seeAll('late', 5);
});

test('V5 an undurable broker is said: not ready, unless the operator accepts it', async () => {
  const unchecked = await station.startReplica({ NATS_MONITOR_URL: '' });
  const relaxed = await station.startReplica({ NATS_MONITOR_URL: '', NATS_DURABILITY: 'relaxed' });
  const durability = async (service: RunningService) => {
    const { body } = await getJson(`${service.address}/health/ready`);
    return (body['checks'] as Record<string, unknown>)['durability'];
  };
  await until('it is connected', async () => JSON.stringify(await durability(unchecked)).includes('NATS_MONITOR_URL'));
  expect(await durability(unchecked)).toMatchObject({ state: 'degraded' });
  await until('the other too', async () => JSON.stringify(await durability(relaxed)).includes('up'));
  expect(await durability(resolver)).toEqual({ state: 'up' });
});
