// Which request reaches whom, and that it arrives as it was sent.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startGateway, type StartedGateway } from './support/start-gateway.ts';
import { exchangeRaw, getRaw } from './support/raw-http.ts';
import { startUpstream, type FakeUpstream } from './support/start-upstream.ts';

const names = ['steering', 'resolver', 'audit-log', 'sse-proxy', 'auth'] as const;
const upstreams: FakeUpstream[] = [];
let gateway: StartedGateway;
let gatewayWithoutAuth: StartedGateway;

beforeAll(async () => {
  for (const name of names) {
    upstreams.push(
      await startUpstream((request, response) => {
        const text = `${request.method} ${request.url}`;
        response.writeHead(200, { 'x-service': name, 'content-length': text.length });
        response.end(text);
      }),
    );
  }
  const [steering, resolver, auditLog, sseProxy, auth] = upstreams.map(({ url }) => url);
  const environment = {
    STEERING_URL: steering,
    RESOLVER_URL: resolver,
    AUDIT_LOG_URL: auditLog,
    SSE_PROXY_URL: sseProxy,
  };
  gateway = await startGateway({ ...environment, AUTH_URL: auth });
  gatewayWithoutAuth = await startGateway(environment);
});

afterAll(async () => {
  await Promise.all([gateway.stop(), gatewayWithoutAuth.stop(), ...upstreams.map((upstream) => upstream.stop())]);
});

const reached = (): number => upstreams.reduce((sum, { requests }) => sum + requests.length, 0);

test.each([
  ['/steering/api/v1/shows/', 'steering'],
  ['/steering', 'steering'],
  ['/steering/docs', 'steering'],
  ['/steering/health/ready', 'steering'],
  ['/resolver/api/v1/packages/', 'resolver'],
  ['/audit-log/api/v1/entries/?limit=5', 'audit-log'],
  ['/events?subject=resource.%3E', 'sse-proxy'],
  ['/events/history?subject=a', 'sse-proxy'],
  ['/sse-proxy/health/ready', 'sse-proxy'],
  ['/auth/api/v1/keys/', 'auth'],
])('%s goes to %s', async (path, name) => {
  const response = await fetch(`${gateway.address}${path}`);
  expect({ service: response.headers.get('x-service'), text: await response.text() }).toEqual({
    service: name,
    text: `GET ${path}`,
  });
});

test.each(['/steeringx/', '/Steering/', '/%73teering/', '/event', '/metricsx'])(
  '%s goes to no service',
  async (path) => {
    const before = reached();
    expect(await getRaw(gateway.port, path)).toMatch(/^HTTP\/1\.1 404 /);
    expect(reached()).toBe(before);
  },
);

test('without an auth service its paths are nothing special', async () => {
  const response = await fetch(`${gatewayWithoutAuth.address}/auth/api/v1/keys/`);
  expect({ status: response.status, body: await response.json() }).toMatchObject({
    status: 404,
    body: { code: 'not-found' },
  });
});

test.each([
  '/steering/api/v1/packages/a%2Fb/1.0.0',
  '/steering/api/v1/packages/a%2fb/1%2E0%2E0',
  '/steering/%C3%A4%20b/%3F%23',
  '/steering/a+b;c=d,e!$&\'()*~@:[]|^`{}"<>',
  '/steering//double///slashes/',
  '/steering/x?a=%2F&b=/../..&c=%&d=a?b#'.slice(0, -1),
  '/steering?',
  '/steering/%252e%252e/%2525',
])('%s arrives byte for byte (G1)', async (target) => {
  expect(await getRaw(gateway.port, target)).toMatch(/^HTTP\/1\.1 200 /);
  expect(upstreams[0]?.requests.at(-1)?.url).toBe(target);
});

test.each([
  '/steering/../resolver/',
  '/steering/%2e%2e/resolver/',
  '/steering/..%2Fresolver',
  '//steering/',
  '//evil.example/steering/',
  '/\\steering/',
  '/steering/%00',
  '/steering/%',
  'http://127.0.0.1/steering/',
  '*',
])('%s reaches nobody (G2)', async (target) => {
  const before = reached();
  const answer = await getRaw(gateway.port, target);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"code":"invalid-path"');
  expect(reached()).toBe(before);
});

test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'])('%s is passed on', async (method) => {
  const response = await fetch(`${gateway.address}/steering/x`, { method });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe(method === 'HEAD' ? '' : `${method} /steering/x`);
  expect(response.headers.get('content-length')).toBe(String(`${method} /steering/x`.length));
});

test('a WebSocket is refused with a sentence, and no service hears of it', async () => {
  const before = reached();
  const answer = await getRaw(gateway.port, '/events', ['Upgrade: websocket', 'Sec-WebSocket-Version: 13']);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"code":"no-websockets"');
  expect(reached()).toBe(before);
});

test('another upgrade is ignored, as it may be', async () => {
  const text =
    'GET /steering/x HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n';
  expect(await exchangeRaw(gateway.port, text)).toMatch(/^HTTP\/1\.1 200 /);
  const { headers } = upstreams[0]?.requests.at(-1) ?? {};
  expect(headers).not.toHaveProperty('upgrade');
  expect(headers).not.toHaveProperty('http2-settings');
});

test('a request for another name is refused, as DNS rebinding makes them', async () => {
  const before = reached();
  const answer = await exchangeRaw(
    gateway.port,
    'GET /steering/x HTTP/1.1\r\nHost: evil.example:8080\r\nConnection: close\r\n\r\n',
  );
  expect(answer).toMatch(/^HTTP\/1\.1 421 /);
  expect(reached()).toBe(before);
});

test('what is not HTTP is refused', async () => {
  expect(await exchangeRaw(gateway.port, 'hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  expect(await getRaw(gateway.port, '/steering/\u00fc')).toMatch(/^HTTP\/1\.1 400 /);
  expect(await getRaw(gateway.port, '/steering/x', ['Transfer-Encoding: chunked', 'Content-Length: 3'])).toMatch(
    /^HTTP\/1\.1 400 /,
  );
  expect(await getRaw(gateway.port, '/steering/x', [`X: ${'x'.repeat(20_000)}`])).toMatch(/^HTTP\/1\.1 431 /);
});

test('a header that cannot be sent on is refused, and costs nobody else anything', async () => {
  expect(await getRaw(gateway.port, '/steering/x', ['X-Odd: a\u0001b'])).toMatch(/^HTTP\/1\.1 400 /);
  expect(await getRaw(gateway.port, '/steering/x')).toMatch(/^HTTP\/1\.1 200 /);
});
