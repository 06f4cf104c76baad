// S13: a stream is served the same whatever way its request came in, and a connection that misbehaves is answered or
// cut and costs the others nothing. K1–K3.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import type { RunningService } from '@longwave/runtime';
import { startBroker, type Broker } from './support/broker.ts';
import { EventClient } from './support/event-client.ts';
import { startProxy } from './support/proxy.ts';
import { RawClient, streamRequest } from './support/raw-client.ts';

/** Half a minute of waiting for a deadline of Node's. */
const soakTest = process.env['LONGWAVE_SOAK'] === '1' ? test : test.skip;

let broker: Broker;
let proxy: RunningService;
const clients: RawClient[] = [];
const open = (said = ''): RawClient => {
  const client = new RawClient(proxy.address, said);
  clients.push(client);
  return client;
};

beforeAll(async () => {
  broker = await startBroker();
  proxy = await startProxy(broker.nats);
});
afterAll(async () => {
  for (const client of clients) client.close();
  await proxy.stop();
  await broker.stop();
});

async function connections(): Promise<number> {
  const text = await (await fetch(`${proxy.address}/metrics`)).text();
  return Number(/^sse_connections\S* (\d+)$/m.exec(text)?.[1]);
}
const noneLeft = () => until('nobody is connected', async () => (await connections()) === 0);
/** A stream begins with when to come back and where it stands. */
const isPrimed = ({ heard }: RawClient): boolean => /\r\n\r\nretry: \d+\nid: 1~\S+\n\n/.test(heard);

describe('a request for a stream (K1)', () => {
  test('may come byte by byte', async () => {
    const client = open();
    for (const byte of streamRequest('resource.bytes.>')) client.say(byte);
    await until('it is primed', () => isPrimed(client));
    await broker.publish('resource.bytes.x', { n: 1 });
    await until('it hears', () => client.heard.includes('"message":{"n":1}'));
    client.close();
  });

  test.each([
    ['of HTTP/1.0', streamRequest('resource.odd.>').replace('HTTP/1.1', 'HTTP/1.0')],
    ['with a header twice', streamRequest('resource.odd.>', ['X-A: 1', 'X-A: 2'])],
    ['with an empty body', streamRequest('resource.odd.>', ['Content-Length: 0'])],
    ['that takes anything', streamRequest('resource.odd.>').replace('text/event-stream', 'text/html, */*;q=0.1')],
    ['that keeps its connection', streamRequest('resource.odd.>', ['Connection: keep-alive'])],
    ['that closes its connection', streamRequest('resource.odd.>', ['Connection: close'])],
    [
      'after an answer on the same connection',
      `GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n${streamRequest('resource.odd.>')}`,
    ],
    ['with another request right behind it', streamRequest('resource.odd.>') + streamRequest('resource.>')],
  ])('%s is served as any other: no chunks, no length, the connection ends with it', async (_, said) => {
    const client = open(said);
    await until('it is primed', () => isPrimed(client));
    await broker.publish('resource.odd.x', { n: 1 });
    await until('it hears', () => client.heard.includes('"message":{"n":1}'));
    const head = client.heard.slice(client.heard.lastIndexOf('HTTP/1.1 200'));
    expect(head).toMatch(/^Connection: close\r$/im);
    expect(head).not.toMatch(/^(transfer-encoding|content-length):/im);
    client.close();
    await noneLeft();
  });

  test('that nobody would grant is answered as a problem, and the connection goes on', async () => {
    const client = open(streamRequest('notification.>') + streamRequest('resource..x'));
    await until('both are answered', () => client.statuses.length === 2);
    expect(client.statuses).toEqual([403, 400]);
    expect(client.heard).toContain('"code":"forbidden-subject"');
    expect(client.heard).toContain('"code":"illegal-filter"');
    client.say(streamRequest('resource.after.>'));
    await until('it is primed', () => isPrimed(client));
    client.close();
  });

  test('has the same head whichever way it goes', async () => {
    const names = async (lines: readonly string[]): Promise<string[]> => {
      const client = open(streamRequest('resource.head.>', lines));
      await until('it is primed', () => isPrimed(client));
      client.close();
      const head = client.heard.slice(0, client.heard.indexOf('\r\n\r\n'));
      return [...head.matchAll(/^([A-Za-z-]+):/gm)].map(([, name = '']) => name.toLowerCase());
    };
    const [bare, byNode] = [await names([]), await names(['X-A: 1', 'X-A: 2'])];
    const essential = ['content-type', 'cache-control', 'x-accel-buffering', 'x-content-type-options', 'vary', 'date'];
    for (const name of [...essential, 'connection', 'x-correlation-id']) {
      expect(bare).toContain(name);
      expect(byNode).toContain(name);
    }
  });
});

describe('a connection that misbehaves', () => {
  test.each([
    ['a flood of headers', `GET /events?subject=resource.%3E HTTP/1.1\r\n${'X-A: b\r\n'.repeat(4_000)}`, 431],
    ['an endless target', `GET /events?${'x'.repeat(40_000)}`, 414],
    ['no HTTP', 'GET /events?\r\n\r\n', 400],
    ['other bytes', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello TLS', 400],
    ['two hosts', streamRequest('resource.>', ['Host: y']), 200],
    ['no host', 'GET /events?subject=resource.%3E HTTP/1.1\r\nAccept: */*\r\n\r\n', 400],
    ['two lengths', streamRequest('resource.>', ['Content-Length: 1', 'Content-Length: 2']), 400],
    ['a length and chunks', streamRequest('resource.>', ['Content-Length: 1', 'Transfer-Encoding: chunked']), 400],
  ])('by %s is answered by its status, and cut where nothing can follow', async (_, said, status) => {
    const client = open(said);
    await until('it is answered', () => client.statuses.length > 0);
    expect(client.statuses).toEqual([status]);
    if (status !== 200) await until('it is cut', () => client.isClosed);
    client.close();
  });

  // The deadline itself is that of every service, and tested with them.
  soakTest(
    'by its slowness is answered 408, as everywhere (K2)',
    async () => {
      const clients = [open(), open('GET /events?subject=resource.%3E HTTP/1.1\r\nHost: x\r\n')];
      await until('both are answered', () => clients.every(({ isClosed }) => isClosed), 40_000);
      expect(clients.map(({ statuses }) => statuses)).toEqual([[408], [408]]);
    },
    60_000,
  );

  test('by going after half a head is forgotten', async () => {
    const client = open('GET /events?subject=resource');
    await until('it is connected', () => client.socket.readyState === 'open');
    client.socket.end();
    await until('it is closed', () => client.isClosed);
  });

  test('by closing one half is gone: nobody listens there any more', async () => {
    const client = open(streamRequest('resource.half.>'));
    await until('it is primed', () => isPrimed(client));
    client.socket.end();
    await until('it is cut', () => client.isClosed);
    await noneLeft();
  });

  test('by talking on and on is cut', async () => {
    const client = open(streamRequest('resource.talk.>'));
    await until('it is primed', () => isPrimed(client));
    client.say('x'.repeat(1_000));
    await broker.publish('resource.talk.x', { n: 1 });
    await until('a little is dropped', () => client.heard.includes('"message":{"n":1}'));
    client.say('x'.repeat(200_000));
    await until('it is cut', () => client.isClosed);
  });

  test('by a reset, in any of its states, leaves nothing behind', async () => {
    for (const said of ['', 'GET /ev', streamRequest('resource.reset.>'), streamRequest('resource..')]) {
      const client = open(said);
      await until('it is connected', () => client.socket.readyState === 'open');
      client.socket.resetAndDestroy();
    }
    await noneLeft();
    const healthy = await EventClient.follow(proxy.address, ['resource.reset.>']);
    await broker.publish('resource.reset.x', { n: 1 });
    await healthy.untilEvents(1);
    healthy.close();
  });
});

describe('stopping', () => {
  test('does not wait for connections that have not said anything (K3)', async () => {
    const other = await startProxy(broker.nats);
    const silent = [new RawClient(other.address), new RawClient(other.address, 'GET /events?')];
    await until('they are connected', () => silent.every(({ socket }) => socket.readyState === 'open'));
    const started = performance.now();
    await other.stop();
    expect(performance.now() - started).toBeLessThan(3_000);
    await until('they are cut', () => silent.every(({ isClosed }) => isClosed));
  });
});
