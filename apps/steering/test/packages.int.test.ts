// PUT and GET packages/…: what is said of a package, version by version and namespace by namespace.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { packageResource, pageOf } from '@longwave/contracts';
import { statusesOf } from './support/client.ts';
import { PUBLIC_URL, startStation, type Station } from './support/station.ts';

let station: Station;
beforeAll(async () => {
  station = await startStation();
});
afterAll(async () => station.close());

const complete = {
  description: 'Plays\nwhat the program says',
  vendor: 'Longwave',
  signature: 'c2lnbmF0dXJl',
  dependencies: [
    { name: 'codec-pack', range: '^2.1.0 || >=3' },
    { name: 'a.b', range: '*' },
  ],
};

describe('PUT', () => {
  test('the first makes the package known, and says where it is', async () => {
    const put = await station.call('PUT', '/packages/engine/1.0.0', complete);
    expect(put).toMatchObject({ status: 201, etag: '"1"' });
    expect(put.body).toEqual({
      namespace: 'default',
      packageId: { name: 'engine', version: '1.0.0' },
      ...complete,
      createdAt: expect.any(String),
      updatedAt: put.body['createdAt'],
    });
    expect(put.headers.location).toBe(`${PUBLIC_URL}/steering/api/v1/packages/engine/1.0.0`);
    expect((await station.get('/packages/engine/1.0.0')).text).toBe(put.text);
  });

  test('the same again changes nothing; something else replaces all of it', async () => {
    const first = await station.call('PUT', '/packages/engine/2.0.0', complete);
    const { dependencies, ...others } = complete;
    const reordered = { dependencies: dependencies.map(({ name, range }) => ({ range, name })), ...others };
    expect(await station.call('PUT', '/packages/engine/2.0.0', reordered)).toMatchObject({
      status: 200,
      etag: first.etag,
      text: first.text,
    });
    const changed = await station.call('PUT', '/packages/engine/2.0.0', { vendor: 'Other' });
    expect(changed).toMatchObject({ status: 200, etag: '"2"' });
    expect(changed.body).toEqual({
      namespace: 'default',
      packageId: { name: 'engine', version: '2.0.0' },
      vendor: 'Other',
      createdAt: first.body['createdAt'],
      updatedAt: expect.any(String),
    });
    expect((await station.get('/packages/engine/2.0.0')).text).toBe(changed.text);
  });

  test('an empty body says nothing of it, and is something', async () => {
    expect((await station.call('PUT', '/packages/engine/0.0.1', {})).status).toBe(201);
    expect(await station.call('PUT', '/packages/engine/0.0.1', { dependencies: [] })).toMatchObject({ etag: '"2"' });
  });

  test('twenty first ones at once make one package, and the rest finds it as it is', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => station.call('PUT', '/packages/rush/1.0.0', complete)),
    );
    expect(statusesOf(answers)).toEqual([...Array.from({ length: 19 }, () => 200), 201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  test('twenty different ones at once are twenty versions, one after the other', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => station.call('PUT', '/packages/rush/2.0.0', { vendor: `v${index}` })),
    );
    expect(new Set(answers.map(({ etag }) => etag))).toEqual(new Set(answers.map((_, index) => `"${index + 1}"`)));
  });
});

describe('preconditions', () => {
  test('If-Match changes the version that was seen, or nothing', async () => {
    const first = await station.call('PUT', '/packages/seen/1.0.0', {});
    const second = await station.call('PUT', '/packages/seen/1.0.0', { vendor: 'a' }, { 'if-match': first.etag });
    expect(second.status).toBe(200);
    const late = await station.call('PUT', '/packages/seen/1.0.0', { vendor: 'b' }, { 'if-match': first.etag });
    expect(late).toMatchObject({ status: 412, body: { code: 'precondition-failed' } });
    const absent = await station.call('PUT', '/packages/unseen/1.0.0', {}, { 'if-match': '*' });
    expect(absent.status).toBe(412);
    expect((await station.get('/packages/unseen/1.0.0')).status).toBe(404);
  });

  test('of many who saw the same version and change it at once, one wins', async () => {
    const { etag } = await station.call('PUT', '/packages/contended/1.0.0', {});
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        station.call('PUT', '/packages/contended/1.0.0', { vendor: `v${index}` }, { 'if-match': etag }),
      ),
    );
    expect(statusesOf(answers)).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
  });

  test('If-None-Match: * makes a new one, or nothing', async () => {
    const only = { 'if-none-match': '*' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => station.call('PUT', '/packages/only/1.0.0', {}, only)),
    );
    expect(statusesOf(answers)).toEqual([201, ...Array.from({ length: 9 }, () => 412)]);
  });

  test('who has the current version is told so', async () => {
    const { etag } = await station.call('PUT', '/packages/cached/1.0.0', {});
    expect(await station.get('/packages/cached/1.0.0', { 'if-none-match': etag })).toMatchObject({ status: 304 });
  });
});

describe('names', () => {
  test.each([
    ['a.b', 'a.b'],
    ['C++', 'C++'],
    ['D%2B%2B', 'D++'],
    ['%61', 'a'],
    ['_-.+x', '_-.+x'],
    ['...x', '...x'],
  ])('packages/%s/… is the package %s', async (segment, name) => {
    const version = '1.0.0-rc.1+build.5';
    const put = await station.call('PUT', `/packages/${segment}/${encodeURIComponent(version)}`, {});
    expect(put).toMatchObject({ status: 201, body: { packageId: { name, version } } });
    const { pathname } = new URL(put.headers.location ?? '');
    expect((await station.get(pathname)).text).toBe(put.text);
    expect((await station.get(`/packages/${encodeURIComponent(name)}/1.0.0-rc.1+build.5`)).text).toBe(put.text);
  });

  test.each([
    ['a%2Fb/1.0.0', 'invalid-path'],
    ['a%20b/1.0.0', 'invalid-path'],
    ['*/1.0.0', 'invalid-path'],
    ['%3E/1.0.0', 'invalid-path'],
    ['%E2%82%AC/1.0.0', 'invalid-path'],
    ['%00/1.0.0', 'invalid-path'],
    ['%2E%2E/1.0.0', 'invalid-path'],
    ['./1.0.0', 'invalid-path'],
    ['__proto__%20/1.0.0', 'invalid-path'],
    [`${'a'.repeat(101)}/1.0.0`, 'invalid-path'],
    ['a/1.0', 'invalid-path'],
    ['a/01.0.0', 'invalid-path'],
    ['a/v1.0.0', 'invalid-path'],
    ['a/*', 'invalid-path'],
    ['a/latest', 'invalid-path'],
    [`a/1.0.0-${'a'.repeat(60)}`, 'invalid-path'],
    [`a${'.'.repeat(99)}/1.0.0`, 'subject-too-long'],
  ])('packages/%s is refused, and nothing is stored', async (path, code) => {
    const before = await station.rowCounts();
    expect(await station.call('PUT', `/packages/${path}`, {})).toMatchObject({ status: 400, body: { code } });
    expect(await station.rowCounts()).toMatchObject({ package: before['package'] });
  });
});

describe('namespaces', () => {
  test('the same name in two namespaces is two packages, and neither is seen from the other', async () => {
    const red = { 'x-namespace': 'red' };
    const blue = { 'x-namespace': 'blue' };
    await station.call('PUT', '/packages/shared/1.0.0', { vendor: 'red' }, red);
    expect((await station.get('/packages/shared/1.0.0', blue)).status).toBe(404);
    expect((await station.get('/packages/shared/1.0.0')).status).toBe(404);
    expect((await station.call('PUT', '/packages/shared/1.0.0', { vendor: 'blue' }, blue)).status).toBe(201);
    expect(await station.get('/packages/shared/1.0.0', red)).toMatchObject({
      body: { namespace: 'red', vendor: 'red' },
    });
    expect((await station.get('/packages/', red)).body['items']).toHaveLength(1);
    expect((await station.get('/packages/', { 'x-namespace': 'empty' })).body).toEqual({ items: [], next: null });
    expect((await station.get('/packages/shared/1.0.0', red)).headers.vary).toContain('x-namespace');
  });

  test.each(['*', '>', 'a b', '', '.a', 'a.', 'a/b', 'a%00', 'x'.repeat(65), 'red, blue'])(
    'the namespace %j is refused',
    async (namespace) => {
      for (const [method, body] of [['PUT', {}], ['GET']] as const) {
        expect(await station.call(method, '/packages/n/1.0.0', body, { 'x-namespace': namespace })).toMatchObject({
          status: 400,
          body: { code: 'invalid-header' },
        });
      }
    },
  );
});

describe('the list', () => {
  const listed = { 'x-namespace': 'listed' };
  const page = pageOf(packageResource);
  beforeAll(async () => {
    for (const path of ['b/1.0.0', 'a/2.0.0', 'a/10.0.0', 'a/1.0.0', 'A/1.0.0', 'c/1.0.0']) {
      await station.call('PUT', `/packages/${path}`, {}, listed);
    }
  });
  const idsOf = (body: Readonly<Record<string, unknown>>): string[] =>
    page.parse(body).items.map(({ packageId: { name, version } }) => `${name}/${version}`);

  test('pages put together are the whole list, each package once', async () => {
    const whole = idsOf((await station.get('/packages/', listed)).body);
    expect(whole).toHaveLength(6);
    for (const limit of [1, 2, 3, 5, 6]) {
      const found: string[] = [];
      let path: string | null = `/packages/?limit=${limit}`;
      while (path !== null) {
        const { body } = await station.get(path, listed);
        found.push(...idsOf(body));
        path = page.parse(body).next;
      }
      expect(found).toEqual(whole);
    }
  });

  test('of one name are its versions', async () => {
    const { body } = await station.get('/packages/?name=a&limit=2', listed);
    expect(idsOf(body)).toEqual(['a/1.0.0', 'a/10.0.0']);
    expect(idsOf((await station.get(String(body['next']), listed)).body)).toEqual(['a/2.0.0']);
  });

  test('a cursor of another namespace or another name is refused', async () => {
    const { body } = await station.get('/packages/?limit=1', listed);
    const cursor = new URL(String(body['next']), 'http://x').searchParams.get('cursor') ?? '';
    for (const [query, headers] of [
      [`cursor=${cursor}`, {}],
      [`cursor=${cursor}&name=a`, listed],
      ['cursor=x', listed],
    ] as const) {
      expect(await station.get(`/packages/?${query}`, headers)).toMatchObject({
        status: 400,
        body: { code: 'invalid-cursor' },
      });
    }
  });

  test('has a version', async () => {
    const { etag } = await station.get('/packages/', listed);
    const again = { ...listed, 'if-none-match': etag };
    expect((await station.get('/packages/', again)).status).toBe(304);
    await station.call('PUT', '/packages/c/1.0.0', { vendor: 'new' }, listed);
    expect((await station.get('/packages/', again)).status).toBe(200);
  });

  test.each(['name=*', 'name=', 'limit=0', 'unknown=1'])('?%s is 400 invalid-query', async (query) => {
    expect(await station.get(`/packages/?${query}`)).toMatchObject({ status: 400, body: { code: 'invalid-query' } });
  });
});
