// S10, S11, S18: limits for each address and for the rate, connections that end by themselves, and what an operator sees.
import { afterEach, beforeAll, afterAll, describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import type { RunningService } from '@longwave/runtime';
import { startBroker, type Broker } from './support/broker.ts';
import { EventClient } from './support/event-client.ts';
import { startProxy } from './support/proxy.ts';
import { RawClient, streamRequest } from './support/raw-client.ts';

let broker: Broker;
const cleanups: (() => Promise<unknown> | void)[] = [];
const startOne = async (environment: Readonly<Record<string, string>>): Promise<RunningService> => {
  const proxy = await startProxy(broker.nats, environment);
  cleanups.push(() => proxy.stop());
  return proxy;
};
const open = async (proxy: RunningService, headers: Readonly<Record<string, string>> = {}): Promise<EventClient> => {
  const client = await EventClient.open(proxy.address, 'subject=resource.op.%3E', headers);
  cleanups.push(() => client.close());
  await client.until('something is there', () => client.blocks.length > 0 || client.isEnded);
  return client;
};

beforeAll(async () => {
  broker = await startBroker();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});
afterAll(() => broker.stop());

describe('a limit (S10)', () => {
  test('for each address is that of the client, whom only a trusted proxy may name', async () => {
    const trusting = await startOne({ CONNECTIONS_PER_ADDRESS_MAX: '1', TRUSTED_PROXIES: 'loopback' });
    const first = await open(trusting, { 'x-forwarded-for': '192.0.2.1' });
    const second = await open(trusting, { 'x-forwarded-for': '192.0.2.1' });
    const other = await open(trusting, { 'x-forwarded-for': '192.0.2.2' });
    const odd = await open(trusting, { 'x-forwarded-for': '192.0.2.2', 'content-length': '0' });
    await until('two were turned away', () => second.isEnded && odd.isEnded);
    expect([first.isEnded, other.isEnded]).toEqual([false, false]);
    first.close();
    await until('there is room again', async () => !(await open(trusting, { 'x-forwarded-for': '192.0.2.1' })).isEnded);
    const naive = await startOne({ CONNECTIONS_PER_ADDRESS_MAX: '1' });
    await open(naive, { 'x-forwarded-for': '192.0.2.1' });
    const liar = await open(naive, { 'x-forwarded-for': '192.0.2.2' });
    await until('it was turned away', () => liar.isEnded);
    expect([liar.blocks, liar.unfinished]).toEqual([[], expect.stringMatching(/^retry: [0-9]{4,5}\n$/)]);
  });

  test('for how many may begin in a second makes the others come back', async () => {
    const proxy = await startOne({ CONNECTS_PER_SECOND_MAX: '3' });
    const crowd = await Promise.all(Array.from({ length: 12 }, () => open(proxy)));
    await until('most were turned away', () => crowd.filter(({ isEnded }) => isEnded).length >= 6);
    const metrics = await (await fetch(`${proxy.address}/metrics`)).text();
    expect(Number(/^sse_turned_away_total\S* (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThanOrEqual(6);
    await until('one more may begin', async () => !(await open(proxy)).isEnded);
  });
});

describe('a connection', () => {
  test('ends by itself when it is old, with where it was and when to come back (S11)', async () => {
    const proxy = await startOne({ CONNECTION_AGE_MAX_MS: '1000', HEARTBEAT_MS: '200' });
    const client = await open(proxy);
    const began = performance.now();
    await until('it is ended', () => client.isEnded);
    expect(performance.now() - began).toBeGreaterThan(500);
    expect(client.blocks.at(-1)).toEqual({ retry: expect.stringMatching(/^[0-9]{4}$/), id: client.lastEventId });
  });
});

describe('stopping', () => {
  test('ends the streams one after another over a window, however many there are (S11)', async () => {
    const proxy = await startProxy(broker.nats, { DRAIN_WINDOW_MS: '600' });
    const crowd = Array.from({ length: 400 }, () => new RawClient(proxy.address, streamRequest('resource.op.>')));
    await until('all are primed', () => crowd.every(({ heard }) => heard.includes('\nid: ')));
    const ends: number[] = [];
    for (const { socket } of crowd) socket.once('end', () => ends.push(performance.now()));
    await proxy.stop();
    await until('all have ended', () => ends.length === crowd.length);
    const spreadMs = Math.max(...ends) - Math.min(...ends);
    expect(spreadMs).toBeGreaterThan(200);
    expect(spreadMs).toBeLessThan(3_000);
  });
});

describe('an operator (S18)', () => {
  test('sees who is connected, to what, and how far behind', async () => {
    const proxy = await startOne({ TRUSTED_PROXIES: 'loopback' });
    await open(proxy, { 'x-forwarded-for': '192.0.2.7' });
    const stalled = new RawClient(proxy.address, streamRequest('resource.op.>'));
    cleanups.push(() => stalled.close());
    await until('it is primed', () => stalled.heard.includes('\nid: '));
    stalled.socket.pause();
    type View = { total: number; connections: { behind: number; isParked: boolean; address: string; state: string }[] };
    const view = async (): Promise<View> => {
      return (await (await fetch(`${proxy.address}/events/connections`)).json()) as View; // as documented
    };
    await until('the stalled one is behind', async () => {
      for (let n = 0; n < 20; n += 1) await broker.publish('resource.op.x', JSON.stringify('x'.repeat(100_000)));
      return ((await view()).connections[0]?.behind ?? 0) > 10;
    });
    const { total, connections } = await view();
    expect(total).toBe(2);
    expect(connections.map(({ address }) => address)).toEqual(['127.0.0.1', '192.0.2.7']);
    expect(connections[0]).toMatchObject({ isParked: true, principal: 'anonymous', policy: 'catch-up' });
    const [first] = ((await (await fetch(`${proxy.address}/events/connections?limit=1`)).json()) as View).connections;
    expect(first).toMatchObject({ address: '127.0.0.1', subjects: ['resource.op.>'] });
  });

  test('sees how late events are, in the measure that Prometheus knows', async () => {
    const proxy = await startOne({});
    const client = await open(proxy);
    for (let n = 0; n < 10; n += 1) await broker.publish('resource.op.x', { n });
    await client.untilEvents(10);
    const text = await (await fetch(`${proxy.address}/metrics`)).text();
    const value = (name: string): number => Number(new RegExp(`^${name} ([0-9.e-]+)$`, 'm').exec(text)?.[1]);
    const labels = '{service="sse-proxy"}';
    expect(text).toContain('# TYPE sse_delivery_lag_seconds histogram');
    expect(value(`sse_delivery_lag_seconds_count${labels}`)).toBe(10);
    expect(value(`sse_delivery_lag_seconds_bucket\\{le="\\+Inf",service="sse-proxy"\\}`)).toBe(10);
    expect(value(`sse_deliveries_total${labels}`)).toBe(10);
    expect(value(`sse_delivery_lag_seconds_sum${labels}`)).toBeLessThan(10);
    expect(text).toMatch(/^sse_upstream_lag_seconds\{stream="resource",service="sse-proxy"\} /m);
  });
});
