// S7: the broker may go away. Clients stay, are told, and catch up; readiness says why.
import { afterEach, describe, expect, test } from '@jest/globals';
import { freePort, startNats } from '@longwave/embedded';
import { temporaryFolder, until } from '@longwave/embedded/testing';
import type { RunningService } from '@longwave/runtime';
import { startBroker, STREAMS } from './support/broker.ts';
import { EventClient } from './support/event-client.ts';
import { startProxy } from './support/proxy.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const readiness = async (proxy: RunningService): Promise<{ status: number; nats: string }> => {
  const answer = await fetch(`${proxy.address}/health/ready`);
  const report = (await answer.json()) as { checks: { nats: { state: string } } }; // runtime's HealthReport
  return { status: answer.status, nats: report.checks.nats.state };
};

async function dataDirectory(): Promise<string> {
  const folder = await temporaryFolder();
  cleanups.push(() => folder.remove());
  return folder.path;
}

describe('when the broker goes away (S7)', () => {
  test('clients stay connected, are told, hear everything afterwards, and readiness knows', async () => {
    const directory = await dataDirectory();
    const broker = await startBroker({ dataDirectory: directory });
    cleanups.push(() => broker.connection.close());
    const proxy = await startProxy(broker.nats);
    cleanups.push(() => proxy.stop());
    const client = await EventClient.follow(proxy.address, ['resource.away.>', 'program.away.>']);
    await broker.publish('resource.away.x', { n: 0 });
    await client.untilEvents(1);
    await broker.nats.kill();
    await client.until('it is told', () => client.notices('upstream').length === 1);
    expect(client.notices('upstream')).toEqual([{ state: 'down' }]);
    await until('readiness says so', async () => (await readiness(proxy)).status === 503);
    expect(await readiness(proxy)).toEqual({ status: 503, nats: 'down' });
    // Whoever comes now is taken in, too, and told.
    const late = await EventClient.follow(
      proxy.address,
      ['resource.away.>'],
      client.lastEventId.replace(/~[^~]*$/, ''),
    );
    await late.until('the late one is told', () => late.notices('upstream').length === 1);
    // With the id it brought: who reads by the standard would otherwise come back without one. (F4)
    expect(late.blocks[0]).toMatchObject({ id: client.lastEventId.replace(/~[^~]*$/, '') });

    const again = await startNats({ dataDirectory: directory, port: broker.nats.port, syncInterval: '2m' });
    cleanups.push(() => again.stop());
    for (let n = 1; n <= 20; n += 1) await broker.publish('resource.away.x', { n });
    await client.untilEvents(21);
    expect(client.isEnded).toBe(false);
    expect(client.messages).toEqual(Array.from({ length: 21 }, (_, n) => ({ n })));
    expect(client.notices('upstream')).toEqual([{ state: 'down' }, { state: 'up' }]);
    expect(client.notices('gap')).toEqual([]);
    await until('readiness is back', async () => (await readiness(proxy)).status === 200);
    client.close();
    late.close();
  });

  test('the proxy starts without it, takes clients in, and serves them when it comes', async () => {
    const port = await freePort();
    const proxy = await startProxy({ host: '127.0.0.1', port });
    cleanups.push(() => proxy.stop());
    const client = await EventClient.open(proxy.address, 'subject=resource.%3E');
    await client.until('it is told', () => client.notices('upstream').length === 1);
    expect(client.response.statusCode).toBe(200);
    const history = await fetch(`${proxy.address}/events/history?subject=resource.%3E`);
    expect([history.status, await history.json()]).toMatchObject([503, { code: 'streams-unavailable' }]);
    const broker = await startBroker({ port });
    cleanups.push(() => broker.stop());
    await client.until('it knows where it stands', () => client.lastEventId !== '');
    await broker.publish('resource.x', { n: 1 });
    await client.untilEvents(1);
    expect(client.notices('upstream')).toEqual([{ state: 'down' }, { state: 'up' }]);
    expect(Object.keys(STREAMS)).toContain('resource');
    client.close();
  });
});
