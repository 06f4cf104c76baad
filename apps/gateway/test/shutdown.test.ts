// Stopping: what runs is finished, streams are ended, nobody new is taken on.
import { afterEach, expect, test } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { openRaw } from './support/raw-http.ts';
import { startGateway } from './support/start-gateway.ts';
import { startUpstream } from './support/start-upstream.ts';
import { until } from './support/until.ts';

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

async function run(environment: NodeJS.ProcessEnv = {}) {
  const open: ServerResponse[] = [];
  const upstream = await startUpstream((request, response) => {
    if (request.url?.startsWith('/events') === true) response.setHeader('content-type', 'text/event-stream');
    response.write(': begun\n\n');
    open.push(response);
  });
  stops.push(() => upstream.stop());
  const urls = { STEERING_URL: upstream.url, SSE_PROXY_URL: upstream.url };
  const gateway = await startGateway({ ...urls, ...environment });
  stops.push(() => gateway.stop());
  return { upstream, gateway, open };
}

const GET_EVENTS = 'GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n';
const GET_SLOW = 'GET /steering/slow HTTP/1.1\r\nHost: localhost\r\n\r\n';

test('a request that runs is finished, an event stream is ended properly (E2)', async () => {
  const { gateway, upstream, open } = await run();
  const stream = openRaw(gateway.port, GET_EVENTS);
  await until(() => stream.received().includes('begun'), 'the stream began');
  const running = openRaw(gateway.port, GET_SLOW);
  await until(() => running.received().includes('begun'), 'the request began');

  const stopped = gateway.stop();
  await stream.closed;
  expect(stream.received()).toMatch(/\r\n0\r\n\r\n$/);
  await until(() => upstream.sockets.size === 1, 'the service was told');
  open[1]?.end('done');
  await stopped;
  await running.closed;
  expect(running.received()).toMatch(/done\r\n0\r\n\r\n$/);
  expect(gateway.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
});

test('a request that does not end is cut at the deadline', async () => {
  const { gateway, upstream } = await run({ SHUTDOWN_WITHIN_MS: '300' });
  const running = openRaw(gateway.port, GET_SLOW);
  await until(() => running.received().includes('begun'), 'the request began');
  await gateway.stop();
  await running.closed;
  await until(() => upstream.sockets.size === 0, 'the service was told');
});

test('a stream that is asked for meanwhile is asked to come back (E1)', async () => {
  const { gateway, open } = await run();
  const running = openRaw(gateway.port, GET_SLOW);
  await until(() => running.received().includes('begun'), 'the request began');
  const stopped = gateway.stop();
  // Behind the running request on its connection, which is still open.
  running.socket.write(GET_EVENTS);
  open[0]?.end('done');
  await stopped;
  await running.closed;
  expect(running.received()).toMatch(/done\r\n0\r\n\r\n(?:HTTP\/1\.1 200 [^]*retry: \d+\n[^]*)?$/);
});

test('to stop twice is to stop once', async () => {
  const { gateway } = await run();
  expect(gateway.stop()).toBe(gateway.stop());
  await gateway.stop();
});
