// S11: stopping ends every stream so that its client comes back, takes seconds at most, and leaves nothing open.
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import { startBroker, type Broker } from './support/broker.ts';
import { EventClient } from './support/event-client.ts';
import { startProxy } from './support/proxy.ts';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.stop());

describe('stopping (S11)', () => {
  test('ends the streams with where they were and when to come back, and can be asked for twice', async () => {
    const proxy = await startProxy(broker.nats);
    const clients = await Promise.all(
      Array.from({ length: 20 }, () => EventClient.follow(proxy.address, ['resource.stop.>'])),
    );
    await broker.publish('resource.stop.x', { n: 1 });
    for (const client of clients) await client.untilEvents(1);
    await Promise.all([proxy.stop(), proxy.stop()]);
    await until('all have ended', () => clients.every(({ isEnded }) => isEnded));
    const retries = clients.map(({ blocks }) => Number(blocks.at(-1)?.retry));
    expect(Math.min(...retries)).toBeGreaterThanOrEqual(1_000);
    expect(new Set(retries).size).toBeGreaterThan(10);
    expect(clients.map(({ blocks }) => blocks.at(-1)?.id)).toEqual(clients.map(({ lastEventId }) => lastEventId));
  });

  test('does not wait for a client that does not read', async () => {
    const proxy = await startProxy(broker.nats);
    const { hostname, port } = new URL(proxy.address);
    const socket = connect({ host: hostname, port: Number(port) }).pause();
    socket.on('error', () => undefined); // it is cut
    socket.write(`GET /events?subject=resource.stuck.%3E HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n`);
    const metrics = async (): Promise<string> => (await fetch(`${proxy.address}/metrics`)).text();
    await until('it is connected', async () => /^sse_connections\S* 1$/m.test(await metrics()));
    const payload = JSON.stringify('x'.repeat(100_000));
    await until('it is parked', async () => {
      for (let n = 0; n < 20; n += 1) await broker.publish('resource.stuck.x', payload);
      return /^sse_parked_clients\S* 1$/m.test(await metrics());
    });
    const started = performance.now();
    await proxy.stop();
    expect(performance.now() - started).toBeLessThan(4_000);
    socket.destroy();
  });

  test('works while the broker is away', async () => {
    const away = await startBroker();
    const proxy = await startProxy(away.nats);
    const client = await EventClient.follow(proxy.address, ['resource.>']);
    await away.nats.kill();
    await client.until('it is told', () => client.notices('upstream').length === 1);
    const started = performance.now();
    await proxy.stop();
    expect(performance.now() - started).toBeLessThan(4_000);
    await away.stop();
  });
});
