// The HTTP face: every answer a client can get, good input and bad.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getJson, until, type JsonAnswer } from '@longwave/embedded/testing';
import { packageResource, pageOf } from '@longwave/contracts';
import type { RunningService } from '@longwave/runtime';
import { packageMessage } from './support/fleet-messages.ts';
import { get, startStation, type Station } from './support/station.ts';

let station: Station;
let resolver: RunningService;

beforeAll(async () => {
  station = await startStation();
  resolver = await station.startReplica();
  for (const version of ['1.0.0', '1.10.0', '1.2.0', '2.0.0-beta.1+build.7']) {
    await station.broker.publish(packageMessage('created', { name: 'engine', version, vendor: 'Longwave' }));
  }
  for (let index = 0; index < 7; index += 1) {
    await station.broker.publish(packageMessage('created', { name: `codec-${index}` }));
  }
  await station.broker.publish(packageMessage('created', { name: 'engine', namespace: 'tenant.b', vendor: 'Other' }));
  await until('all is applied', async () => {
    const [own, other] = await Promise.all([list('/packages/'), list('/packages/', { 'x-namespace': 'tenant.b' })]);
    return own.items.length === 11 && other.items.length === 1;
  });
});

afterAll(() => station.close());

async function list(path: string, headers: Record<string, string> = {}) {
  return pageOf(packageResource).parse((await get(resolver, path, headers)).body);
}

describe('GET packages/{name}/{version}', () => {
  test('200: the package, as the contract says', async () => {
    const answer = await get(resolver, '/packages/engine/1.2.0');
    expect(answer.status).toBe(200);
    expect(packageResource.strict().parse(answer.body)).toMatchObject({
      namespace: 'default',
      packageId: { name: 'engine', version: '1.2.0' },
      vendor: 'Longwave',
    });
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  test('200: a version with a plus sign and dots is found as it is written', async () => {
    expect((await get(resolver, '/packages/engine/2.0.0-beta.1+build.7')).status).toBe(200);
    expect((await get(resolver, '/packages/engine/2.0.0-beta.1%2Bbuild.7')).status).toBe(200);
  });

  test('200: a namespace sees its own package of the same name', async () => {
    const answer = await get(resolver, '/packages/engine/1.0.0', { 'x-namespace': 'tenant.b' });
    expect(answer.body).toMatchObject({ namespace: 'tenant.b', vendor: 'Other' });
  });

  test('304: to whoever has it already, and 200 again once it has changed', async () => {
    const { headers } = await get(resolver, '/packages/codec-3/1.0.0');
    const etag = headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    expect(await statusFor('codec-3', etag)).toBe(304);
    expect(await statusFor('codec-3', `W/"x", ${etag}`)).toBe(304);
    expect(await statusFor('codec-4', etag)).toBe(200);
    await station.broker.publish(packageMessage('updated', { name: 'codec-3', description: 'changed' }));
    await until('the ETag no longer matches', async () => (await statusFor('codec-3', etag)) === 200);
  });

  test('404: what is not there, not in this namespace, or not a route', async () => {
    await expectProblem('/packages/engine/9.9.9', 404, 'package-not-found');
    await expectProblem('/packages/codec-1/1.0.0', 404, 'package-not-found', { 'x-namespace': 'tenant.b' });
    await expectProblem('/nothing/', 404, 'not-found');
  });

  test.each([
    ['a wildcard in the name', '/packages/eng*ne/1.0.0', 'invalid-path'],
    ['a wildcard as the version', '/packages/engine/%3E', 'invalid-path'],
    ['a version that is none', '/packages/engine/1.0', 'invalid-path'],
    ['an encoded slash', '/packages/a%2Fb/1.0.0', 'invalid-path'],
    ['a NUL', '/packages/a%00b/1.0.0', 'invalid-path'],
    ['an endless name', `/packages/${'n'.repeat(101)}/1.0.0`, 'invalid-path'],
    ['an unknown parameter', '/packages/engine/1.0.0?x=1', 'invalid-query'],
  ])('400: %s', async (_what, path, code) => {
    await expectProblem(path, 400, code);
  });

  test.each(['', 'a b', '*', 'a>', '.a', 'a'.repeat(65), 'a,b'])('400: the namespace %p', async (namespace) => {
    await expectProblem('/packages/engine/1.0.0', 400, 'invalid-header', { 'x-namespace': namespace });
  });
});

describe('GET packages/', () => {
  test('200: in the order of name and version, of one namespace only', async () => {
    const page = await list('/packages/');
    const ids = page.items.map(({ packageId }) => `${packageId.name} ${packageId.version}`);
    expect(ids.slice(-4)).toEqual(['engine 1.0.0', 'engine 1.10.0', 'engine 1.2.0', 'engine 2.0.0-beta.1+build.7']);
    expect(page.items.every(({ namespace }) => namespace === 'default')).toBe(true);
    expect(page.next).toBeNull();
  });

  test('200: filtered by name', async () => {
    const page = await list('/packages/?name=engine');
    expect(page.items).toHaveLength(4);
    expect((await list('/packages/?name=unheard-of')).items).toEqual([]);
  });

  test('200: pages of any size are the whole, in order, nothing twice', async () => {
    const whole = (await list('/packages/')).items;
    for (const limit of [1, 2, 4, 10, 11, 1000]) {
      const collected = [];
      let next: string | null = `/resolver/api/v1/packages/?limit=${limit}`;
      while (next !== null) {
        const page = pageOf(packageResource).parse((await getJson(`${resolver.address}${next}`)).body);
        expect(page.items.length).toBeLessThanOrEqual(limit);
        collected.push(...page.items);
        next = page.next;
      }
      expect(collected).toEqual(whole);
    }
  });

  test('200: a page goes on after its last package, whatever was added before it meanwhile', async () => {
    const first = await list('/packages/?name=engine&limit=2');
    await station.broker.publish(packageMessage('created', { name: 'engine', version: '0.1.0' }));
    await until('it is there', async () => (await get(resolver, '/packages/engine/0.1.0')).status === 200);
    const second = await getJson(`${resolver.address}${first.next}`);
    expect(
      pageOf(packageResource)
        .parse(second.body)
        .items.map(({ packageId }) => packageId.version),
    ).toEqual(['1.2.0', '2.0.0-beta.1+build.7']);
  });

  test('400: a cursor of another namespace, another filter, or nobody', async () => {
    const { next } = await list('/packages/?limit=1');
    const cursor = new URLSearchParams(next?.split('?')[1]).get('cursor') ?? '';
    expect((await get(resolver, `/packages/?cursor=${cursor}`)).status).toBe(200);
    await expectProblem(`/packages/?cursor=${cursor}`, 400, 'invalid-cursor', { 'x-namespace': 'tenant.b' });
    await expectProblem(`/packages/?name=engine&cursor=${cursor}`, 400, 'invalid-cursor');
    for (const made of ['', 'x', `${cursor}x`, `${cursor}=`, encode('["default",null,"a*","1.0.0"]'), encode('{}')]) {
      await expectProblem(`/packages/?cursor=${made}`, 400, 'invalid-cursor');
    }
    await expectProblem(`/packages/?cursor=${'x'.repeat(1_025)}`, 400, 'invalid-query');
  });

  test.each([
    'limit=0',
    'limit=1001',
    'limit=ten',
    'limit=',
    'limit=1&limit=2',
    'name=a*',
    'name=',
    'unknown=1',
    'name=%ff',
  ])('400: %s', async (query) => {
    await expectProblem(`/packages/?${query}`, 400, 'invalid-query');
  });

  test('405 and 406: only GET, only JSON', async () => {
    const response = await fetch(`${resolver.address}/resolver/api/v1/packages/`, { method: 'POST' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    await expectProblem('/packages/', 406, 'not-acceptable', { accept: 'text/html' });
  });
});

test('the service describes itself and its health', async () => {
  expect((await getJson(`${resolver.address}/health/ready`)).body).toMatchObject({
    status: 'ready',
    service: 'resolver',
    checks: {
      database: { state: 'up' },
      broker: { state: 'up' },
      consumption: { state: 'up' },
      durability: { state: 'up' },
    },
  });
  const document = (await getJson(`${resolver.address}/openapi.json`)).body;
  expect(Object.keys(document['paths'] ?? {})).toEqual(['/packages/', '/packages/{name}/{version}']);
});

async function statusFor(name: string, etag: string): Promise<number> {
  // Left alone, fetch adds `no-cache` to a conditional request, which asks for a whole answer.
  const headers = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
  return (await get(resolver, `/packages/${name}/1.0.0`, headers)).status;
}

const encode = (text: string): string => Buffer.from(text).toString('base64url');

async function expectProblem(
  path: string,
  status: number,
  code: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const answer: JsonAnswer = await get(resolver, path, headers);
  expect({ path, status: answer.status, code: answer.body['code'] }).toEqual({ path, status, code });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
}
