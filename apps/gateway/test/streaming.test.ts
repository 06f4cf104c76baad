// Bodies of any length in both directions: nothing is held back, nothing is held, and nobody outlives the other.
import { afterEach, describe, expect, test } from '@jest/globals';
import { request as sendRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { exchangeRaw, openRaw } from './support/raw-http.ts';
import { startGateway } from './support/start-gateway.ts';
import { startUpstream, type Handle } from './support/start-upstream.ts';
import { until } from './support/until.ts';

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

const MEBIBYTE = 1024 * 1024;

async function run(handle: Handle, environment: NodeJS.ProcessEnv = {}) {
  const upstream = await startUpstream(handle);
  stops.push(() => upstream.stop());
  const gateway = await startGateway({ STEERING_URL: upstream.url, SSE_PROXY_URL: upstream.url, ...environment });
  stops.push(() => gateway.stop());
  return { upstream, gateway };
}

/** A service whose answers the test writes itself. */
async function runByHand(head: Record<string, string>) {
  const open: ServerResponse[] = [];
  const { upstream, gateway } = await run((_request, response) => {
    response.writeHead(200, head);
    response.flushHeaders();
    open.push(response);
  });
  return { upstream, gateway, open };
}

describe('an event stream', () => {
  test('begins at once, and each event arrives when it is written', async () => {
    const { gateway, open } = await runByHand({ 'content-type': 'text/event-stream', connection: 'close' });
    const client = openRaw(
      gateway.port,
      'GET /events?subject=a HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n',
    );
    await until(() => client.received().includes('\r\n\r\n'), 'the head arrived before any event');
    for (const event of ['data: 1\n\n', 'data: ', '2\n\n', ': heartbeat\n\n']) {
      open[0]?.write(event);
      await until(() => client.received().includes(`\r\n${event}\r\n`), `${JSON.stringify(event)} arrived`);
    }
    client.socket.destroy();
    await client.closed;
  });

  test('whose service ends it ends properly', async () => {
    const { gateway, open } = await runByHand({ 'content-type': 'text/event-stream' });
    const response = await fetch(`${gateway.address}/events`, { headers: { accept: 'text/event-stream' } });
    open[0]?.end('data: last\n\n');
    expect(await response.text()).toBe('data: last\n\n');
  });

  test('is no request that takes long: it does not count as a duration', async () => {
    const { gateway, open } = await runByHand({ 'content-type': 'text/event-stream' });
    const response = await fetch(`${gateway.address}/events`);
    open[0]?.end();
    await response.text();
    const metrics = await (await fetch(`${gateway.address}/metrics`)).text();
    expect(metrics).not.toContain('http_route="/events"');
  });
});

describe('a client that goes away (G4)', () => {
  test('takes its event stream down', async () => {
    const { gateway, upstream } = await runByHand({ 'content-type': 'text/event-stream' });
    const client = openRaw(
      gateway.port,
      'GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n',
    );
    await until(() => client.received().includes('\r\n\r\n'), 'the head arrived');
    expect(upstream.sockets.size).toBe(1);
    client.socket.destroy();
    await until(() => upstream.sockets.size === 0, 'the service was told');
  });

  test('before the answer begins takes its request down', async () => {
    const { gateway, upstream } = await run(() => undefined);
    const client = openRaw(gateway.port, 'GET /steering/slow HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await until(() => upstream.requests.length === 1, 'the request arrived');
    client.socket.destroy();
    await until(() => upstream.sockets.size === 0, 'the service was told');
    expect(gateway.lines).toContainEqual(expect.objectContaining({ status: 499, clientGone: true, level: 'info' }));
  });

  test('in the middle of its body does not look like one that is done', async () => {
    let complete: boolean | undefined;
    const { gateway, upstream } = await run((request) => {
      request.resume();
      request.once('close', () => (complete = request.complete));
    });
    const client = openRaw(
      gateway.port,
      'POST /steering/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf',
    );
    await until(() => upstream.requests.length === 1, 'the request arrived');
    client.socket.destroy();
    await until(() => complete !== undefined, 'the service was told');
    expect(complete).toBe(false);
  });

  test('does no harm to the next one on a kept connection', async () => {
    const { gateway, upstream } = await run((request, response) => {
      if (request.url === '/steering/slow') response.write('never ends');
      else response.end('fine');
    });
    const client = openRaw(gateway.port, 'GET /steering/slow HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await until(() => client.received().includes('never'), 'the answer began');
    client.socket.destroy();
    await until(() => upstream.sockets.size === 0, 'the service was told');
    expect(await (await fetch(`${gateway.address}/steering/x`)).text()).toBe('fine');
  });
});

describe('a service that dies in the middle of an answer (G4)', () => {
  test.each([
    ['of known length', { 'content-length': '1000' }],
    ['in chunks', {}],
    ['that is an event stream', { 'content-type': 'text/event-stream' }],
  ])('%s: the client is cut off and cannot take half for all', async (_what, head) => {
    const { gateway, open, upstream } = await runByHand(head);
    open[0]?.write('x');
    const client = openRaw(gateway.port, 'GET /steering/x HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await until(() => open.length === 1, 'the request arrived');
    open[0]?.write('half');
    await until(() => client.received().includes('half'), 'half of it arrived');
    for (const socket of upstream.sockets) socket.resetAndDestroy();
    await client.closed;
    // The last chunk is what says that nothing is missing.
    expect(client.received()).not.toMatch(/\r\n0\r\n/);
    await until(() => gateway.lines.some(({ code }) => code === 'upstream-broke-off'), 'it was logged');
  });

  test('costs nobody else anything', async () => {
    const { gateway, upstream } = await run((request, response) => {
      if (request.url === '/steering/dies') response.write('half', () => request.socket.resetAndDestroy());
      else response.end('fine');
    });
    for (let round = 0; round < 20; round += 1) {
      const dying = fetch(`${gateway.address}/steering/dies`).then((response) => response.text());
      const [, other] = await Promise.all([
        expect(dying).rejects.toThrow('terminated'),
        fetch(`${gateway.address}/steering/x`).then((response) => response.text()),
      ]);
      expect(other).toBe('fine');
    }
    expect(upstream.requests).toHaveLength(40);
  });
});

/** Sends with node:http, which leaves the pace of the body to the test. */
function upload(url: string, headers: Record<string, string | number>, method = 'POST') {
  const outgoing = sendRequest(url, { method, headers, agent: false });
  const { promise: answered, resolve } = Promise.withResolvers<IncomingMessage>();
  outgoing.once('response', resolve);
  // A test that destroys it knows that.
  outgoing.on('error', () => undefined);
  return { outgoing, answered };
}

describe('a body', () => {
  test.each([
    ['of known length', { 'content-length': 3 * MEBIBYTE }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('%s goes there and back unchanged', async (_what, headers) => {
    const { gateway } = await run((request, response) => void request.pipe(response));
    const sent = Buffer.alloc(3 * MEBIBYTE, 'abcdefghijk');
    const { outgoing, answered } = upload(`${gateway.address}/steering/x`, headers);
    outgoing.end(sent);
    expect((await buffer(await answered)).equals(sent)).toBe(true);
  });

  test.each(['DELETE', 'GET', 'OPTIONS', 'QUERY'])('of a %s is a body, and not the next request', async (method) => {
    const { gateway, upstream } = await run(async (request, response) => void response.end(await buffer(request)));
    const smuggled = 'GET /steering/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const chunk = `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`;
    const head = `${method} /steering/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`;
    expect(await exchangeRaw(gateway.port, head + chunk)).toContain(smuggled);
    expect(upstream.requests.map(({ url }) => url)).toEqual(['/steering/x']);
  });

  test('that nobody announced is none', async () => {
    const { gateway, upstream } = await run(async (request, response) => void response.end(await buffer(request)));
    const text = 'POST /steering/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    expect(await exchangeRaw(gateway.port, text)).toMatch(/^HTTP\/1\.1 200 /);
    expect(upstream.requests[0]?.headers).toMatchObject({ 'content-length': '0' });
  });

  test('arrives while it is being sent', async () => {
    const received: string[] = [];
    const { gateway } = await run((request, response) => {
      request.on('data', (chunk: Buffer) => received.push(String(chunk)));
      request.on('end', () => response.end());
    });
    const { outgoing, answered } = upload(`${gateway.address}/steering/x`, {});
    for (const part of ['one', 'two', 'three']) {
      outgoing.write(part);
      await until(() => received.includes(part), `${part} arrived`);
    }
    outgoing.end();
    (await answered).resume();
  });

  test('that the service does not read stops the client, and is not collected here (R8)', async () => {
    const { gateway, upstream } = await run(() => undefined, { SHUTDOWN_WITHIN_MS: '100' });
    const { outgoing } = upload(`${gateway.address}/steering/x`, { 'content-length': 1024 * MEBIBYTE });
    const chunk = Buffer.alloc(MEBIBYTE);
    let sent = 0;
    const before = process.memoryUsage().arrayBuffers;
    // What fits into the kernel's and Node's own buffers is taken; then 'drain' must stop coming.
    while (await new Promise<boolean>((resolve) => pushed(outgoing, chunk, resolve))) {
      sent += chunk.length;
      expect(sent).toBeLessThan(200 * MEBIBYTE);
    }
    expect(upstream.requests).toHaveLength(1);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * MEBIBYTE);
    outgoing.destroy();
  });

  test('that the client does not read stops the service, and is not collected here (R8)', async () => {
    let written = 0;
    const chunk = Buffer.alloc(MEBIBYTE);
    let stalled = false;
    const { gateway } = await run(async (_request, response) => {
      while (!stalled && written < 500) {
        written += 1;
        stalled = !(await new Promise<boolean>((resolve) => pushed(response, chunk, resolve)));
      }
    });
    const client = openRaw(gateway.port, 'GET /steering/x HTTP/1.1\r\nHost: localhost\r\n\r\n');
    client.socket.pause();
    await until(() => stalled, 'the service was stopped', 8_000);
    expect(written).toBeLessThan(200);
    client.socket.destroy();
  });

  test('that a service refuses half-way: the client gets the refusal', async () => {
    const { gateway } = await run((request, response) => {
      // Reads on for a while, as our services do: closing at once would reset the connection.
      request.once('data', () => response.writeHead(413).end('too much'));
      request.resume();
    });
    const { outgoing, answered } = upload(`${gateway.address}/steering/x`, { 'transfer-encoding': 'chunked' });
    outgoing.write(Buffer.alloc(MEBIBYTE));
    const answer = await answered;
    expect({ status: answer.statusCode, text: String(await buffer(answer)) }).toEqual({
      status: 413,
      text: 'too much',
    });
    outgoing.destroy();
  });

  test('that a service refuses and reads no further: the next request of that client is answered', async () => {
    const { gateway, upstream } = await run((request, response) => {
      if (request.method === 'GET') return void response.end('next');
      request.once('data', () => response.writeHead(413).end('too much'));
    });
    const size = 4 * MEBIBYTE;
    const begun = 'begun';
    const head = `POST /steering/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${size}\r\n\r\n`;
    const client = openRaw(gateway.port, head + begun);
    await until(() => client.received().includes('too much'), 'the refusal arrived');
    for (const socket of upstream.sockets) socket.destroy();
    await until(() => upstream.sockets.size === 0, 'the service closed the connection');
    client.socket.write(Buffer.alloc(size - begun.length));
    client.socket.write('GET /steering/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    await client.closed;
    expect(client.received()).toMatch(/^HTTP\/1\.1 413 [^]*too much[^]*HTTP\/1\.1 200 [^]*next/);
  });
});

const STALLED_AFTER_MS = 300;

/** Writes, and tells whether there is room for more within a while: the only sign of back-pressure is that nothing comes. */
function pushed(stream: NodeJS.WritableStream, chunk: Buffer, tell: (hasRoom: boolean) => void): void {
  const timer = setTimeout(() => tell(false), STALLED_AFTER_MS);
  stream.write(chunk, () => {
    clearTimeout(timer);
    tell(true);
  });
}
