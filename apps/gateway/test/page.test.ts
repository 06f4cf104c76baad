// The dashboard's files: what is kept, what is asked for again, what is refused, and what a person sees without it.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRaw } from './support/raw-http.ts';
import { startGateway, type StartedGateway } from './support/start-gateway.ts';

const PAGE = '<!doctype html><title>Longwave</title>';
const SECRET = 'not for browsers';

let folder: string;
let gateway: StartedGateway;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longwave-gateway-'));
  await mkdir(join(folder, 'dist', 'assets'), { recursive: true });
  await writeFile(join(folder, 'dist', 'index.html'), PAGE);
  await writeFile(join(folder, 'dist', 'assets', 'index-abc123.js'), 'export {}');
  await writeFile(join(folder, 'dist', 'mark.svg'), '<svg/>');
  await writeFile(join(folder, 'dist', '.env'), SECRET);
  await writeFile(join(folder, 'secret.txt'), SECRET);
  gateway = await startGateway({ DASHBOARD_DIRECTORY: join(folder, 'dist') });
});

afterAll(async () => {
  await gateway.stop();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string, init: RequestInit = {}) => fetch(`${gateway.address}${path}`, init);

/** What a browser sends for an address bar; `fetch` would say that it is `cors`. */
const navigate = (path: string, port = gateway.port, more: readonly string[] = []) =>
  getRaw(port, path, ['Accept: text/html,*/*;q=0.8', 'Sec-Fetch-Mode: navigate', ...more]);

test('the page is asked for again at every look', async () => {
  const response = await get('/');
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
    etag: expect.stringMatching(/"/),
    'content-security-policy': expect.stringMatching(
      /^default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:;.*frame-ancestors 'none'$/,
    ),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  expect(await response.text()).toBe(PAGE);
});

test('and costs a 304 when it has not changed', async () => {
  const etag = /^etag: (.+)$/im.exec(await navigate('/'))?.[1] ?? '';
  const again = await navigate('/', gateway.port, [`If-None-Match: ${etag}`]);
  expect(again).toMatch(/^HTTP\/1\.1 304 [^]*\r\n\r\n$/);
});

test('files named by their content are kept for ever', async () => {
  const response = await get('/assets/index-abc123.js');
  expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(response.headers.get('content-type')).toMatch(/^text\/javascript/);
  expect(await response.text()).toBe('export {}');
});

test('other files are asked for again', async () => {
  const response = await get('/mark.svg');
  expect(response.headers.get('cache-control')).toBe('no-cache');
  expect(response.headers.get('content-type')).toBe('image/svg+xml');
  await response.text();
});

test('HEAD tells all but the file', async () => {
  const response = await get('/mark.svg', { method: 'HEAD' });
  expect({ status: response.status, length: response.headers.get('content-length') }).toEqual({
    status: 200,
    length: '6',
  });
  expect(await response.text()).toBe('');
});

test.each(['/shows/1', '/packages/a%2Fb', '/anything.at/all', '/assets'])(
  'a person who opens %s gets the page',
  async (path) => {
    expect(await navigate(path)).toMatch(/^HTTP\/1\.1 200 [^]*<title>Longwave<\/title>$/);
  },
);

test.each<[path: string, headers: Record<string, string>]>([
  ['/assets/gone-123.js', { accept: '*/*', 'sec-fetch-mode': 'no-cors' }],
  ['/shows/1', { accept: 'text/html', 'sec-fetch-mode': 'cors' }],
  ['/shows/1', { accept: 'application/json' }],
  ['/shows/1', {}],
])('a program that asks for %s (%j) does not get a page instead', async (path, headers) => {
  const response = await get(path, { headers });
  expect({ status: response.status, body: await response.json() }).toMatchObject({
    status: 404,
    body: { code: 'not-found' },
  });
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is not for files', async (method) => {
  const response = await get('/', { method });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('GET, HEAD');
  await response.text();
});

test('a precondition that fails is told as such', async () => {
  const response = await get('/mark.svg', { headers: { 'if-match': '"other"' } });
  expect({ status: response.status, body: await response.json() }).toMatchObject({
    status: 412,
    body: { code: 'precondition-failed' },
  });
});

describe('nothing outside of the folder, and nothing hidden', () => {
  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/..\\secret.txt',
    '//secret.txt',
    '/.env',
    '/%2eenv',
    '/assets/../.env',
    '/secret.txt%00.js',
    '/....//secret.txt',
    '/assets/%252e%252e/%252e%252e/secret.txt',
    '/proc/self/environ',
  ])('%s', async (target) => {
    for (const headers of [[], ['Accept: text/html']]) {
      const answer = await getRaw(gateway.port, target, headers);
      expect(answer).toMatch(/^HTTP\/1\.1 (?:400|404) |<title>Longwave/);
      expect(answer).not.toContain(SECRET);
      expect(answer).not.toContain('PATH=');
    }
  });
});

describe('a dashboard that is not built tells what to do', () => {
  let bare: StartedGateway;

  beforeAll(async () => {
    bare = await startGateway({ DASHBOARD_DIRECTORY: join(folder, 'nothing') });
  });

  afterAll(() => bare.stop());

  test('to a person', async () => {
    const answer = await navigate('/', bare.port);
    expect(answer).toMatch(/^HTTP\/1\.1 503 [^]*text\/html[^]*<code>npm start<\/code>[^]*\/steering\/docs/);
  });

  test('to a program', async () => {
    const response = await fetch(`${bare.address}/`);
    expect(await response.json()).toMatchObject({ status: 503, code: 'dashboard-not-built' });
  });
});
