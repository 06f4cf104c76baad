// What the gateway says of itself.
import { afterEach, expect, test } from '@jest/globals';
import { getRaw } from './support/raw-http.ts';
import { startGateway } from './support/start-gateway.ts';
import { startUpstream } from './support/start-upstream.ts';

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

test.each(['/health/ready', '/gateway/health/ready'])(
  '%s names the services that are away, and stays ready',
  async (path) => {
    const well = await startUpstream((request, response) => {
      response.statusCode = request.url === '/health/ready' ? 200 : 404;
      response.end();
    });
    const ill = await startUpstream((_request, response) => void response.writeHead(503).end());
    stops.push(
      () => well.stop(),
      () => ill.stop(),
    );
    const gateway = await startGateway({ STEERING_URL: well.url, RESOLVER_URL: ill.url });
    stops.push(() => gateway.stop());
    const response = await fetch(`${gateway.address}${path}`);
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 200,
      body: {
        status: 'ready',
        service: 'gateway',
        replicaId: 'r1',
        checks: {
          steering: { state: 'up' },
          resolver: { state: 'degraded', reason: 'resolver is not ready' },
          'audit-log': { state: 'degraded', reason: 'audit-log does not answer' },
          'sse-proxy': { state: 'degraded', reason: 'sse-proxy does not answer' },
        },
      },
    });
  },
);

test('it is alive whatever is away', async () => {
  const gateway = await startGateway();
  stops.push(() => gateway.stop());
  for (const path of ['/health/live', '/gateway/health/live']) {
    expect(await (await fetch(`${gateway.address}${path}`)).json()).toEqual({ status: 'live' });
  }
});

test('metrics count requests by service, and are for this machine only', async () => {
  const upstream = await startUpstream();
  stops.push(() => upstream.stop());
  const gateway = await startGateway({ STEERING_URL: upstream.url });
  stops.push(() => gateway.stop());
  await (await fetch(`${gateway.address}/steering/api/v1/shows/7/`)).text();
  const metrics = await (await fetch(`${gateway.address}/metrics`)).text();
  expect(metrics).toMatch(
    /http_server_request_duration_seconds_count\{[^}]*http_route="\/steering",http_response_status_code="200"[^}]*\} 1\n/,
  );
  expect(await getRaw(gateway.port, '/metrics', ['X-Forwarded-For: 192.0.2.1'])).toMatch(/^HTTP\/1\.1 404 /);
});

test('one line for each request, and none for probes', async () => {
  const upstream = await startUpstream();
  stops.push(() => upstream.stop());
  const gateway = await startGateway({ STEERING_URL: upstream.url });
  stops.push(() => gateway.stop());
  await (await fetch(`${gateway.address}/steering/x`)).text();
  await (await fetch(`${gateway.address}/steering/health/ready`)).text();
  const lines = gateway.lines.filter(({ msg, level }) => msg === 'request' && level === 'info');
  expect(lines).toEqual([expect.objectContaining({ method: 'GET', route: '/steering', status: 200 })]);
});
