// Opening a port says clearly when it cannot; closing it cuts nobody off who can still be served.
import { Agent, request } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { listen, ListenError } from '../src/http/listen.ts';
import type { Listening, TakeConnection } from '../src/http/listen.ts';
import { openRaw } from './support/raw-http.ts';
import { until } from './support/until.ts';

const host = '127.0.0.1';
const opened: Listening[] = [];
const open = async (...[app, options]: Parameters<typeof listen>): Promise<Listening> => {
  const server = await listen(app, options);
  opened.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close({ withinMs: 0 })));
});

const hello = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';

describe('opening', () => {
  test('tells the address, with the port that was free', async () => {
    const server = await open((_request, response) => response.end('hi'), { host, port: 0 });
    expect(server.address).toBe(`http://127.0.0.1:${server.port}`);
    expect(await (await fetch(server.address)).text()).toBe('hi');
  });

  test('shows a wildcard and an IPv6 host as an address that can be called', async () => {
    const app = () => undefined;
    expect((await open(app, { host: '0.0.0.0', port: 0 })).address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await open(app, { host: '::1', port: 0 })).address).toMatch(/^http:\/\/\[::1\]:\d+$/);
  });

  test('fails with what to do when the port is taken', async () => {
    const { port } = await open(() => undefined, { host, port: 0 });
    const failure = await open(() => undefined, { host, port }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ListenError);
    expect(failure).toMatchObject({ code: 'listen-failed', cause: { code: 'EADDRINUSE' } });
    expect(String(failure)).toContain(`cannot listen on 127.0.0.1:${port}: another process listens there`);
  });
});

describe('a connection that somebody else looks at first', () => {
  test('is served as usual when it is passed on, with what was read put back, and is theirs when it is kept', async () => {
    const kept: Socket[] = [];
    const takeConnection: TakeConnection = (socket, passOn) => {
      socket.once('data', (bytes) => {
        if (bytes.toString().startsWith('MINE')) return void kept.push(socket.end('yours'));
        socket.pause();
        socket.unshift(bytes);
        passOn();
        socket.resume();
      });
    };
    const server = await open((_request, response) => response.end('as usual'), { host, port: 0, takeConnection });
    const usual = openRaw(server.port);
    usual.socket.write(hello + hello);
    await until(() => usual.received().split('as usual').length === 3, 'both requests were answered');
    const taken = openRaw(server.port);
    taken.socket.write('MINE');
    await until(() => taken.received() === 'yours', 'the other one was answered');
    expect(kept).toHaveLength(1);
    usual.socket.destroy();
    taken.socket.destroy();
    await server.close({ withinMs: 1000 });
  });
});

describe('closing', () => {
  test('lets a running request finish, and ends its connection (C1)', async () => {
    const release = Promise.withResolvers<void>();
    let began = false;
    const server = await open(
      (_request, response) => {
        began = true;
        void release.promise.then(() => response.end('whole'));
      },
      { host, port: 0 },
    );
    const raw = openRaw(server.port);
    raw.socket.write(hello);
    await until(() => began, 'the request was running');
    const closing = server.close({ withinMs: 5000 });
    release.resolve();
    await closing;
    await raw.closed;
    expect(raw.received()).toMatch(/connection: close[\s\S]*whole/i);
  });

  test('does not wait for connections that are idle', async () => {
    const server = await open((_request, response) => response.end(), { host, port: 0 });
    const agent = new Agent({ keepAlive: true });
    const answered = Promise.withResolvers<void>();
    request({ host, port: server.port, agent }, (response) => response.resume().on('end', answered.resolve)).end();
    await answered.promise;
    const startedMs = performance.now();
    await server.close({ withinMs: 60_000 });
    expect(performance.now() - startedMs).toBeLessThan(2000);
    agent.destroy();
  });

  test('does not wait for a connection that becomes idle meanwhile although its headers were out already', async () => {
    const release = Promise.withResolvers<void>();
    let began = false;
    const server = await open(
      (_request, response) => {
        response.write('half ');
        began = true;
        void release.promise.then(() => response.end('whole'));
      },
      { host, port: 0 },
    );
    const raw = openRaw(server.port);
    raw.socket.write(hello);
    await until(() => began, 'the answer had begun');
    const closing = server.close({ withinMs: 60_000 });
    release.resolve();
    await closing;
    await raw.closed;
    expect(raw.received()).toContain('whole');
  });

  test('cuts what is still running when the time is over (C2)', async () => {
    let began = false;
    const server = await open(() => void (began = true), { host, port: 0 });
    const raw = openRaw(server.port);
    raw.socket.write(hello);
    await until(() => began, 'the request was running');
    await server.close({ withinMs: 20 });
    await raw.closed;
    expect(raw.received()).toBe('');
  });

  test('accepts nobody new, and twice is once', async () => {
    const server = await open((_request, response) => response.end(), { host, port: 0 });
    expect(server.close({ withinMs: 0 })).toBe(server.close({ withinMs: 1 }));
    await server.close({ withinMs: 0 });
    await expect(fetch(server.address)).rejects.toThrow('fetch failed');
  });
});
