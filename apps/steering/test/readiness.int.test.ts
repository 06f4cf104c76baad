// GET /health/ready: what steering cannot do without, and what it can.
import { afterEach, expect, test } from '@jest/globals';
import { startNats } from '@longwave/embedded';
import { until } from '@longwave/embedded/testing';
import { startStation, type Station } from './support/station.ts';

let station: Station;
afterEach(async () => station.close());

test('with all it needs it is ready', async () => {
  station = await startStation();
  const report = await until('it has met the broker', async () => {
    const { status, body } = await station.get('/health/ready');
    return JSON.stringify(body).includes('degraded') ? undefined : { status, body };
  });
  const up = { state: 'up' };
  expect(report).toMatchObject({
    status: 200,
    body: { status: 'ready', service: 'steering', checks: { database: up, broker: up, outbox: up, durability: up } },
  });
});

test('a broker that acknowledges before it has synced makes it not ready, unless somebody has accepted that', async () => {
  station = await startStation({ syncInterval: '2m' });
  const strict = await station.get('/health/ready');
  expect(strict).toMatchObject({ status: 503, body: { checks: { durability: { state: 'down' } } } });
  expect(JSON.stringify(strict.body)).toContain('NATS_DURABILITY=relaxed');
  const relaxed = await station.startReplica({ NATS_DURABILITY: 'relaxed' });
  expect((await fetch(`${relaxed.address}/health/ready`)).status).toBe(200);
});

test('without a monitor to ask it is ready, and says that it does not know', async () => {
  station = await startStation({ settings: { NATS_MONITOR_URL: '' } });
  expect(await station.get('/health/ready')).toMatchObject({
    status: 200,
    body: { checks: { durability: { state: 'degraded' } } },
  });
});

test('it starts while the broker is away, ready and degraded', async () => {
  const gone = await startNats();
  await gone.stop();
  station = await startStation();
  const alone = await station.startReplica({ NATS_PORT: String(gone.port), NATS_MONITOR_URL: gone.monitorUrl });
  const ready = await fetch(`${alone.address}/health/ready`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({
    checks: { broker: { state: 'degraded' }, durability: { state: 'degraded' } },
  });
});
