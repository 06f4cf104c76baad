// Services that are away, break off, take too long or talk nonsense, and what a client is told.
import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { startGateway } from './support/start-gateway.ts';
import { startUpstream, type Handle } from './support/start-upstream.ts';
import { until } from './support/until.ts';

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

async function run(handle: Handle, environment: NodeJS.ProcessEnv = {}) {
  const upstream = await startUpstream(handle);
  stops.push(() => upstream.stop());
  const urls = { STEERING_URL: upstream.url, SSE_PROXY_URL: upstream.url };
  const gateway = await startGateway({ ...urls, ...environment });
  stops.push(() => gateway.stop());
  return { upstream, gateway };
}

/** A service that answers with bytes of the test's choice. */
async function runWithBytes(answer: string) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer, 'latin1'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const gateway = await startGateway({ STEERING_URL: `http://127.0.0.1:${port}` });
  stops.push(() => gateway.stop());
  return gateway;
}

async function answerOf(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  const { status, headers } = response;
  const body = JSON.parse(await response.text());
  return { status, headers: Object.fromEntries(headers), body };
}

test('a service that is away: 503, when to come back, and that nothing was done', async () => {
  const gateway = await startGateway();
  stops.push(() => gateway.stop());
  for (const method of ['GET', 'POST']) {
    expect(await answerOf(`${gateway.address}/steering/api/v1/shows/`, { method })).toMatchObject({
      status: 503,
      headers: { 'content-type': 'application/problem+json', 'retry-after': '2', 'cache-control': 'no-store' },
      body: {
        code: 'upstream-unavailable',
        status: 503,
        detail: expect.stringContaining('The steering service is not there'),
      },
    });
  }
  // No address of ours in it, and every problem can be found in the log.
  const { body } = await answerOf(`${gateway.address}/steering/x`);
  expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|ECONNREFUSED/);
  const id = String(body.instance).replace('urn:uuid:', '');
  expect(gateway.lines).toContainEqual(
    expect.objectContaining({ errorId: id, code: 'upstream-unavailable', level: 'warn' }),
  );
});

test('a service that comes back is used at once', async () => {
  const { upstream, gateway } = await run((_request, response) => void response.end('back'));
  await upstream.stop();
  expect((await fetch(`${gateway.address}/steering/x`)).status).toBe(503);
  const again = await startUpstream((_request, response) => void response.end('back'), upstream.port);
  stops.push(() => again.stop());
  expect(await (await fetch(`${gateway.address}/steering/x`)).text()).toBe('back');
});

describe('an EventSource is answered 200 and asked to come back, whatever is wrong (E1)', () => {
  const listen = (address: string) =>
    fetch(`${address}/events?subject=a`, { headers: { accept: 'text/event-stream' } }).then(async (response) => ({
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text(),
    }));
  const comeBack = { status: 200, type: 'text/event-stream', text: expect.stringMatching(/^retry: [1-3]\d{3}\n$/) };

  test('the service is away', async () => {
    const gateway = await startGateway();
    stops.push(() => gateway.stop());
    expect(await listen(gateway.address)).toEqual(comeBack);
  });

  test('the service breaks off', async () => {
    const { gateway } = await run((request) => void request.socket.destroy());
    expect(await listen(gateway.address)).toEqual(comeBack);
  });

  test('the service does not answer', async () => {
    const { gateway } = await run(() => undefined, { UPSTREAM_ANSWER_WITHIN_MS: '100' });
    expect(await listen(gateway.address)).toEqual(comeBack);
  });

  test('but what the service itself refuses is passed on', async () => {
    const { gateway } = await run((_request, response) => void response.writeHead(400).end('bad filter'));
    expect(await listen(gateway.address)).toMatchObject({ status: 400, text: 'bad filter' });
  });

  test('and another client is told what is wrong', async () => {
    const gateway = await startGateway();
    stops.push(() => gateway.stop());
    expect(await answerOf(`${gateway.address}/events?subject=a`)).toMatchObject({ status: 503 });
    const headers = { accept: 'text/event-stream' };
    expect(await answerOf(`${gateway.address}/steering/x`, { headers })).toMatchObject({ status: 503 });
  });
});

describe('what may have been carried out is not sent twice (G5)', () => {
  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('a %s whose service breaks off: 502, once', async (method) => {
    const { upstream, gateway } = await run((request) => void request.socket.destroy());
    expect(await answerOf(`${gateway.address}/steering/x`, { method, body: '{}' })).toMatchObject({
      status: 502,
      headers: { 'retry-after': '2' },
      body: { code: 'upstream-failed', detail: expect.stringContaining('Idempotency-Key') },
    });
    expect(upstream.requests).toHaveLength(1);
  });

  test('a GET on a new connection that breaks off: 502, once', async () => {
    const { upstream, gateway } = await run((request) => void request.socket.destroy());
    expect((await fetch(`${gateway.address}/steering/x`)).status).toBe(502);
    expect(upstream.requests).toHaveLength(1);
  });

  test('a GET on a kept connection that the service has closed meanwhile is sent again, and nobody notices', async () => {
    let answered = 0;
    const { upstream, gateway } = await run((request, response) => {
      answered += 1;
      // As a service does that is restarted: the second request on the connection finds nobody.
      if (answered === 2) request.socket.destroy();
      else response.end('fine');
    });
    expect(await (await fetch(`${gateway.address}/steering/1`)).text()).toBe('fine');
    expect(await (await fetch(`${gateway.address}/steering/2`)).text()).toBe('fine');
    expect(upstream.requests.map(({ url }) => url)).toEqual(['/steering/1', '/steering/2', '/steering/2']);
  });

  test('a write never travels on a connection that was used before', async () => {
    const { upstream, gateway } = await run((_request, response) => void response.end('fine'));
    await (await fetch(`${gateway.address}/steering/1`)).text();
    await (await fetch(`${gateway.address}/steering/2`, { method: 'POST' })).text();
    const [first, second] = upstream.requests.map(({ socket }) => socket);
    expect(second).not.toBe(first);
  });
});

test('a service that takes too long: 504, and it is told to stop', async () => {
  const { upstream, gateway } = await run(() => undefined, { UPSTREAM_ANSWER_WITHIN_MS: '100' });
  expect(await answerOf(`${gateway.address}/steering/x`, { method: 'POST', body: '{}' })).toMatchObject({
    status: 504,
    body: { code: 'upstream-timeout' },
  });
  await until(() => upstream.sockets.size === 0, 'the service was told');
});

test('the time of a slow client is not the time of the service', async () => {
  const { gateway } = await run(
    (request, response) => {
      request.resume();
      request.on('end', () => response.end('fine'));
    },
    { UPSTREAM_ANSWER_WITHIN_MS: '150' },
  );
  const body = new ReadableStream({
    async pull(controller) {
      for (let part = 0; part < 4; part += 1) {
        controller.enqueue(new TextEncoder().encode('x'));
        // Longer in all than the service may take.
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
      controller.close();
    },
  });
  const response = await fetch(`${gateway.address}/steering/x`, { method: 'POST', body, duplex: 'half' });
  expect(await response.text()).toBe('fine');
});

test.each([
  ['nothing', ''],
  ['no HTTP', 'hello\r\n\r\n'],
  ['half a head', 'HTTP/1.1 200 OK\r\nX: '],
  ['a header that may not be', 'HTTP/1.1 200 OK\r\nX: a\u0001b\r\nContent-Length: 0\r\n\r\n'],
  ['a status that may not be', 'HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n'],
  ['another protocol, unasked', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'],
  ['an endless head', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
])('a service that answers %s: 502, and the gateway lives', async (_what, answer) => {
  const gateway = await runWithBytes(answer);
  expect(await answerOf(`${gateway.address}/steering/x`)).toMatchObject({
    status: 502,
    body: { code: 'upstream-failed' },
  });
  expect((await fetch(`${gateway.address}/health/live`)).status).toBe(200);
});
