// What a service is told, and what a client is: whose address, which headers, whose word counts.
import { afterEach, expect, test } from '@jest/globals';
import type { IncomingHttpHeaders } from 'node:http';
import { exchangeRaw, getRaw } from './support/raw-http.ts';
import { startGateway, type StartedGateway } from './support/start-gateway.ts';
import { startUpstream, type Handle } from './support/start-upstream.ts';

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

async function run(environment: NodeJS.ProcessEnv = {}, handle?: Handle) {
  const upstream = await startUpstream(handle);
  stops.push(() => upstream.stop());
  const gateway = await startGateway({ STEERING_URL: upstream.url, ...environment });
  stops.push(() => gateway.stop());
  const heard = (): IncomingHttpHeaders => upstream.requests.at(-1)?.headers ?? {};
  return { upstream, gateway, heard };
}

const FORGED = [
  'X-Forwarded-For: 6.6.6.6',
  'X-Forwarded-Host: evil.example',
  'X-Forwarded-Proto: https',
  'X-Forwarded-Port: 666',
  'X-Forwarded-Prefix: /x',
  'X-Forwarded-Server: x',
  'X-Real-IP: 6.6.6.6',
  'Forwarded: for=6.6.6.6;host=evil.example;proto=https',
];

const forwarded = ({ headers }: { headers: IncomingHttpHeaders }) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => /forwarded|real-ip|^host$/.test(name)));

test('a client cannot say who it is (G3)', async () => {
  const { gateway, heard } = await run();
  await getRaw(gateway.port, '/steering/x', FORGED);
  expect(forwarded({ headers: heard() })).toEqual({
    host: 'localhost',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-host': 'localhost',
    'x-forwarded-proto': 'http',
  });
});

test('a trusted proxy can, and a service is told one address (G3)', async () => {
  const { gateway, heard } = await run({
    TRUSTED_PROXIES: 'loopback, 10.0.0.0/8',
    PUBLIC_URL: 'https://radio.example',
  });
  const headers = [
    'X-Forwarded-For: 6.6.6.6, 192.0.2.7, 10.0.0.5',
    'X-Forwarded-Host: radio.example',
    'X-Forwarded-Proto: https',
  ];
  await getRaw(gateway.port, '/steering/x', headers);
  expect(forwarded({ headers: heard() })).toEqual({
    host: 'localhost',
    'x-forwarded-for': '192.0.2.7',
    'x-forwarded-host': 'radio.example',
    'x-forwarded-proto': 'https',
  });
});

test.each([
  [['X-Forwarded-For: <script>'], { 'x-forwarded-for': '127.0.0.1' }],
  [['X-Forwarded-For: 192.0.2.7, nonsense'], { 'x-forwarded-for': '127.0.0.1' }],
  [['X-Forwarded-For: ::ffff:192.0.2.7'], { 'x-forwarded-for': '192.0.2.7' }],
  [['X-Forwarded-For: 2001:db8::1'], { 'x-forwarded-for': '2001:db8::1' }],
  [['X-Forwarded-For: 192.0.2.7', 'X-Forwarded-For: 192.0.2.8'], { 'x-forwarded-for': '192.0.2.8' }],
  [['X-Forwarded-Proto: https, http'], { 'x-forwarded-proto': 'http' }],
  [['X-Forwarded-Proto: javascript'], { 'x-forwarded-proto': 'http' }],
  [['X-Forwarded-Host: a b'], { 'x-forwarded-host': 'localhost' }],
])('what a trusted proxy passes on unread is not believed: %j (G3)', async (headers, told) => {
  const { gateway, heard } = await run({ TRUSTED_PROXIES: 'loopback' });
  await getRaw(gateway.port, '/steering/x', headers);
  expect(heard()).toMatchObject(told);
});

test('the rest of the header arrives as it was sent, but for what belongs to the connection', async () => {
  const { gateway, upstream } = await run();
  const sent = [
    'Cookie: a=1; b=2',
    'X-CaSe: Kept',
    'x-twice: 1',
    'X-Twice: 2',
    'Accept: */*',
    'Traceparent: 00-1-2-01',
  ];
  await getRaw(gateway.port, '/steering/x', [
    ...sent,
    'TE: trailers',
    'Keep-Alive: 5',
    'Proxy-Authorization: x',
    'Expect: 100-continue',
  ]);
  const raw = upstream.requests.at(-1)?.rawHeaders ?? [];
  const pairs = raw.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${raw[index + 1]}`] : []));
  expect(pairs.filter((pair) => sent.includes(pair))).toEqual(sent);
  expect(Object.keys(upstream.requests.at(-1)?.headers ?? {})).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(te|keep-alive|proxy-authorization|expect)$/)]),
  );
});

test('the answer arrives as it was sent, but for what belongs to the connection', async () => {
  const { gateway } = await run({}, (_request, response) => {
    const raw = [
      'Set-Cookie',
      'a=1',
      'Set-Cookie',
      'b=2',
      'Content-Security-Policy',
      "default-src 'none'",
      'X-CaSe',
      'Kept',
    ];
    response.writeHead(418, 'Short and stout', [...raw, 'X-Hop', '1', 'Connection', 'close, x-hop', 'Date', 'then']);
    response.end('tea');
  });
  const answer = await getRaw(gateway.port, '/steering/docs');
  expect(answer).toMatch(/^HTTP\/1\.1 418 Short and stout\r\n/);
  expect(answer).toContain(
    "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Security-Policy: default-src 'none'\r\nX-CaSe: Kept\r\n",
  );
  expect(answer.match(/date: /gi)).toHaveLength(1);
  expect(answer).not.toMatch(/x-hop/i);
  // Nothing of ours is added to what a service says of itself.
  expect(answer).not.toMatch(/cross-origin|referrer-policy|permissions-policy|via:/i);
});

test('one correlation id goes the whole way', async () => {
  const { gateway, heard } = await run();
  await getRaw(gateway.port, '/steering/x', ['X-Correlation-Id: mine-1']);
  expect(heard()).toMatchObject({ 'x-correlation-id': 'mine-1' });
  await getRaw(gateway.port, '/steering/x', [`X-Correlation-Id: ${'x'.repeat(200)}`]);
  expect(heard()['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(gateway.lines).toContainEqual(
    expect.objectContaining({ correlationId: 'mine-1', route: '/steering', status: 200 }),
  );
});

test('a request without a Host, as HTTP/1.0 allows, is passed on with one', async () => {
  const { gateway, heard } = await run();
  const answer = await exchangeRaw(gateway.port, 'GET /steering/x HTTP/1.0\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*ok$/);
  expect(heard().host).toMatch(/^steering:\d+$/);
});

test('a gateway whose service address leads back to it says so instead of calling itself for ever', async () => {
  const port = (await startAndStop()).port;
  const gateway = await startGateway({ PORT: String(port), STEERING_URL: `http://127.0.0.1:${port}` });
  stops.push(() => gateway.stop());
  const response = await fetch(`${gateway.address}/steering/x`);
  expect({ status: response.status, body: await response.json() }).toMatchObject({
    status: 508,
    body: { code: 'loop-detected' },
  });
});

test('two gateways in a row are no loop', async () => {
  const { gateway: inner, heard } = await run();
  const outer = await startGateway({ STEERING_URL: inner.address }, 'r2');
  stops.push(() => outer.stop());
  expect((await fetch(`${outer.address}/steering/x`)).status).toBe(200);
  expect(heard().via).toBe('1.1 longwave-gateway-r2, 1.1 longwave-gateway-r1');
});

/** A port that was free a moment ago. */
async function startAndStop(): Promise<StartedGateway> {
  const gateway = await startGateway();
  await gateway.stop();
  return gateway;
}
