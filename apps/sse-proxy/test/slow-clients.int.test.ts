// S4: who does not read costs nobody anything, and misses nothing.
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import type { RunningService } from '@longwave/runtime';
import { startBroker, type Broker } from './support/broker.ts';
import { EventClient } from './support/event-client.ts';
import { startProxy } from './support/proxy.ts';

let broker: Broker;
let proxy: RunningService;
const cleanups: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  broker = await startBroker();
  proxy = await startProxy(broker.nats, { RING_BYTES_MAX: '1000000' });
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});
afterAll(async () => {
  await proxy.stop();
  await broker.stop();
});

/** A client that asks and never reads: its receive buffer fills, then the proxy's send buffer. */
async function stall(query: string, { address } = proxy): Promise<Socket> {
  const { hostname, port } = new URL(address);
  const socket = connect({ host: hostname, port: Number(port) });
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.pause();
  socket.write(`GET /events?${query} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n`);
  return socket;
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${proxy.address}/metrics`)).text();
  return Number(new RegExp(`^${name}\\{?[^ ]* ([0-9.e+]+)$`, 'm').exec(text)?.[1]);
}

describe('a client that stalls (S4)', () => {
  test('costs the others nothing, memory stays flat, and it is given everything when it reads again', async () => {
    const stalled = await Promise.all(Array.from({ length: 20 }, () => stall('subject=resource.slow.%3E')));
    const healthy = await EventClient.follow(proxy.address, ['resource.slow.>']);
    await until('all are connected', async () => (await metric('sse_connections')) === 21);
    const payload = JSON.stringify({ pad: 'x'.repeat(50_000) });
    const publish = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) await broker.publish('resource.slow.x', payload);
    };
    await publish(200);
    await until('all of them are parked', async () => (await metric('sse_parked_clients')) === stalled.length);
    await healthy.untilEvents(200);
    const before = process.memoryUsage().external;
    await publish(400);
    await healthy.untilEvents(600);
    // 20 MB went by, and may still lie about as garbage; a queue for each of them would hold 400 MB.
    expect(process.memoryUsage().external - before).toBeLessThan(100_000_000);
    expect(await metric('sse_parked_clients')).toBe(stalled.length);

    const [first] = stalled;
    let text = '';
    first?.setEncoding('latin1').on('data', (chunk: string) => (text += chunk.replaceAll('x', '')));
    first?.resume();
    const eventsRead = (): number => text.split('"subject"').length - 1;
    await until('it has read everything', () => eventsRead() === 600, 20_000);
    expect(text).not.toContain('event: gap');
    for (const socket of stalled) socket.destroy();
    healthy.close();
    await until('all are gone', async () => (await metric('sse_connections')) === 0);
    expect(await metric('sse_parked_clients')).toBe(0);
  });
});

describe('a crowd of clients that are far behind (S4, S10)', () => {
  test('does not ask the broker for more than it sends to one connection, which it would cut off', async () => {
    const strict = await startBroker({ extraConfig: 'max_pending: 24MB' });
    cleanups.push(() => strict.stop());
    const pad = 'x'.repeat(8_000);
    await Promise.all(Array.from({ length: 1_500 }, () => strict.publish('resource.far.x', { pad })));
    const other = await startProxy(strict.nats);
    cleanups.push(() => other.stop());
    const query = 'subject=resource.far.%3E&since=2020-01-01T00:00:00Z';
    const stalled = await Promise.all(Array.from({ length: 30 }, () => stall(query, other)));
    const healthy = await EventClient.open(other.address, query);
    await healthy.untilEvents(1_500, 30_000);
    expect(healthy.notices('upstream')).toEqual([]);
    const varz = (await (await fetch(`${strict.nats.monitorUrl}/varz`)).json()) as { slow_consumers: number }; // NATS
    expect(varz.slow_consumers).toBe(0);
    for (const socket of stalled) socket.destroy();
    healthy.close();
  });
});
