// What readiness says of how durable the broker is.
import { afterEach, describe, expect, test } from '@jest/globals';
import { startNats, type NatsOptions, type NatsServer } from '@longwave/embedded';
import { checkDurability } from '@longwave/messaging/jetstream';
import { until } from './support/until.ts';

const servers: NatsServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function start(options: NatsOptions = {}): Promise<NatsServer> {
  const server = await startNats(options);
  servers.push(server);
  return server;
}

const check = (monitorUrl: string | undefined, relaxed = false) =>
  checkDurability({ monitorUrl, relaxed }, AbortSignal.timeout(2_000));

describe('a broker', () => {
  test('that syncs always is up', async () => {
    expect(await check((await start()).monitorUrl)).toEqual({ state: 'up' });
  });

  test('that does not is down, unless somebody has accepted that', async () => {
    const { monitorUrl } = await start({ syncInterval: '2m' });
    expect(await check(monitorUrl)).toEqual({ state: 'down', reason: expect.stringContaining('NATS_DURABILITY') });
    expect(await check(monitorUrl, true)).toEqual({ state: 'up' });
  });
});

describe('nobody knows, which is degraded, of a broker', () => {
  const silent = { state: 'degraded', reason: 'the monitor of nats-server does not answer' };

  test('whose monitor is not named', async () => {
    expect(await check(undefined)).toEqual({
      state: 'degraded',
      reason: expect.stringContaining('NATS_MONITOR_URL is not set'),
    });
  });

  test('that is gone', async () => {
    const server = await start();
    await server.kill();
    expect(await check(server.monitorUrl)).toEqual(silent);
  });

  test('that stands still, before readiness gives up on the check', async () => {
    const server = await start();
    server.pause();
    // A process that was told to stand still may finish what it was doing.
    await until('it stands still', async () => (await check(server.monitorUrl)).state !== 'up');
    expect(await check(server.monitorUrl)).toEqual(silent);
    server.resume();
  });

  test('when the check is no longer wanted', async () => {
    const { monitorUrl } = await start();
    expect(await checkDurability({ monitorUrl, relaxed: false }, AbortSignal.abort())).toEqual(silent);
  });
});
