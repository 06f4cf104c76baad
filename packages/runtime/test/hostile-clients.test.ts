// Clients that send too much, too slowly, garbage, or nothing more: each gets a clean answer where one can be
// given, costs a bounded amount, and the service goes on.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { route } from '../src/http/route.ts';
import { exchangeRaw, openRaw } from './support/raw-http.ts';
import { serveRoutes } from './support/serve-routes.ts';
import type { Served } from './support/serve-routes.ts';
import { until } from './support/until.ts';

const bytesMax = 1000;
let served: Served;
let aborted: unknown;

beforeAll(async () => {
  const common = { summary: 'x', permission: 'public', responses: { 200: { description: 'ok' } } };
  served = await serveRoutes([
    route({
      ...common,
      method: 'post',
      path: '/small/',
      body: z.json(),
      bodyBytesMax: bytesMax,
      handler: () => ({ status: 200, body: {} }),
    }),
    route({ ...common, method: 'post', path: '/usual/', body: z.json(), handler: () => ({ status: 200, body: {} }) }),
    route({
      ...common,
      method: 'get',
      path: '/slow/',
      handler: async ({ signal }) => {
        await new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject((aborted = signal.reason))),
        );
        return { status: 200 };
      },
    }),
  ]);
});
afterAll(() => served.stop());

const head = (path: string, ...headers: string[]): string =>
  [`POST /demo/api/v1${path} HTTP/1.1`, 'host: x', 'content-type: application/json', ...headers, '', ''].join('\r\n');

describe('a body over its limit (Q4)', () => {
  test('is refused with 413 before it is sent, if its length is announced', async () => {
    const { socket, received, closed } = openRaw(served.port);
    socket.write(head('/small/', `content-length: ${bytesMax + 1}`));
    await until(() => received().includes('body-too-large'), 'the answer came without a byte of the body');
    expect(received()).toMatch(/^HTTP\/1\.1 413 /);
    await closed;
  });

  test('is refused with 413 while it is being sent, if its length is not announced', async () => {
    const { socket, received, closed } = openRaw(served.port);
    socket.write(head('/small/', 'transfer-encoding: chunked'));
    const chunk = `64\r\n${' '.repeat(100)}\r\n`;
    const timer = setInterval(() => socket.write(chunk), 1);
    await until(() => received().includes('body-too-large'), 'the answer came in the middle of the body');
    clearInterval(timer);
    await closed;
  });

  test('of 1 MB is refused with 413 and seen by an ordinary client', async () => {
    const { status, json } = await served.send('POST', '/demo/api/v1/usual/', `"${'x'.repeat(1_000_000)}"`);
    expect([status, json['code'], json['bytesMax']]).toEqual([413, 'body-too-large', 262_144]);
  });

  test('leaves the connection usable if the client ends it quickly', async () => {
    const { socket, received, closed } = openRaw(served.port);
    socket.write(head('/small/', `content-length: ${bytesMax + 1}`) + 'x'.repeat(bytesMax + 1));
    await until(() => received().includes('body-too-large'), 'the first answer came');
    socket.write(head('/small/', 'content-length: 2', 'connection: close') + '{}');
    await closed;
    expect(received()).toMatch(/HTTP\/1\.1 200 OK/);
  });

  test('exactly at the limit is accepted', async () => {
    const { status } = await served.send('POST', '/demo/api/v1/small/', `"${'x'.repeat(bytesMax - 2)}"`);
    expect(status).toBe(200);
  });
});

describe('what Node’s parser refuses is answered with a problem (Q4):', () => {
  test.each([
    ['a flood of headers', 431, 'headers-too-large', `GET / HTTP/1.1\r\nhost: x\r\n${'a: b\r\n'.repeat(5000)}\r\n`],
    ['one endless header', 431, 'headers-too-large', `GET / HTTP/1.1\r\nhost: x\r\na: ${'b'.repeat(60_000)}\r\n\r\n`],
    ['an endless URL', 414, 'uri-too-long', `GET /${'a'.repeat(60_000)} HTTP/1.1\r\nhost: x\r\n\r\n`],
    ['something that is not HTTP', 400, 'invalid-http', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n'],
    ['an unknown method', 400, 'invalid-http', 'FETCH / HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['two lengths', 400, 'invalid-http', head('/small/', 'content-length: 2', 'content-length: 3') + '{} '],
    [
      'length and chunks',
      400,
      'invalid-http',
      head('/small/', 'content-length: 2', 'transfer-encoding: chunked') + '{}',
    ],
    ['a chunk of no size', 400, 'invalid-http', head('/small/', 'transfer-encoding: chunked') + 'zz\r\n'],
  ])('%s', async (_, status, code, text) => {
    const answer = await exchangeRaw(served.port, text);
    expect(answer).toMatch(
      new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*application/problem\\+json[\\s\\S]*"code":"${code}"`),
    );
  });
});

describe('a client that goes away', () => {
  test('in the middle of its body is logged as gone, not as our error', async () => {
    const { socket } = openRaw(served.port);
    socket.write(head('/small/', 'content-length: 100', 'x-correlation-id: left-body') + '{"half":');
    await until(() => socket.bytesWritten > 0 && !socket.connecting, 'the request was sent');
    socket.end();
    await until(() => lineOf('left-body') !== undefined, 'its line was logged');
    expect(lineOf('left-body')).toMatchObject({ level: 'info', clientGone: true, status: 499 });
  });

  test('while its answer is made aborts the work', async () => {
    const { socket } = openRaw(served.port);
    socket.write('GET /demo/api/v1/slow/ HTTP/1.1\r\nhost: x\r\nx-correlation-id: left-answer\r\n\r\n');
    await until(() => socket.bytesWritten > 0, 'the request was sent');
    setTimeout(() => socket.destroy(), 20);
    await until(() => lineOf('left-answer') !== undefined, 'its line was logged');
    expect(lineOf('left-answer')).toMatchObject({ level: 'info', clientGone: true, route: '/demo/api/v1/slow/' });
    expect(aborted).toMatchObject({ code: 'client-gone' });
  });

  const lineOf = (id: string) => served.lines.find(({ correlationId }) => correlationId === id);
});

test('after all of this the service is ready', async () => {
  expect((await served.call('/health/ready')).status).toBe(200);
});
