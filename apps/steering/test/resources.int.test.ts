// What every collection does alike: made, read, listed, replaced, patched, deleted; versions, keys, references, messages.
// What is special to shows, schedules and timeslots is in files of their own.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Answer } from './support/client.ts';
import { PUBLIC_URL, startStation, type Station } from './support/station.ts';

type Case = {
  readonly type: string;
  readonly collection: string;
  /** The least that can be said of one. */
  readonly least: (ids: Ids) => object;
  /** What a patch says, and another. */
  readonly patch: object;
  readonly wrong: Readonly<Record<string, unknown>>;
  /** Fields that refer to something, and whether they are lists. */
  readonly references: Readonly<Record<string, 'one' | 'many'>>;
};
type Ids = { readonly show: number; readonly media: number; readonly profile: number };

const cases: readonly Case[] = [
  {
    type: 'category',
    collection: 'categories',
    least: () => ({ name: 'Politics' }),
    patch: { description: 'From the town hall to the world' },
    wrong: { name: '', isActive: 1, description: '\u001b', more: true },
    references: {},
  },
  {
    type: 'profile',
    collection: 'profiles',
    least: () => ({ name: 'Maria Anders' }),
    patch: { biography: 'Has been on air since 1998.' },
    wrong: { name: 'a\nb', email: 'nobody', image: 'ftp://x', links: [{ type: 'x' }] },
    references: {},
  },
  {
    type: 'media',
    collection: 'media',
    least: () => ({ name: 'Studio 1' }),
    patch: { sources: [{ type: 'audio', source: 'line://0', durationSeconds: null }] },
    wrong: { name: 1, playoutMode: 'backwards', sources: [{ type: 'm3u', source: 'https://a.example/x.m3u' }] },
    references: {},
  },
  {
    type: 'episode',
    collection: 'episodes',
    least: ({ show }) => ({ showId: show, title: 'The harbour at night' }),
    patch: { summary: 'Ships' },
    wrong: { title: '', showId: 0, contributorIds: [1, 1], mediaId: 2 ** 31 },
    references: { showId: 'one', mediaId: 'one', contributorIds: 'many' },
  },
  {
    type: 'show',
    collection: 'shows',
    least: () => ({ name: 'Morning Wave' }),
    patch: { internalNote: 'Key 7' },
    wrong: { name: '', numberOfPeople: -1, categoryIds: ['1'], cbaId: 1.5 },
    references: { predecessorId: 'one', defaultMediaId: 'one', categoryIds: 'many', hostIds: 'many' },
  },
];

const NOBODY = 2_147_483_647;

let station: Station;
let ids: Ids;
beforeAll(async () => {
  station = await startStation();
  const make = async (collection: string): Promise<number> =>
    Number((await station.call('POST', `/${collection}/`, { name: 'Referred to' })).body['id']);
  ids = { show: await make('shows'), media: await make('media'), profile: await make('profiles') };
});
afterAll(async () => station.close());

async function told(type: string, id: unknown): Promise<readonly string[]> {
  const prefix = `resource.steering.${type}.${String(id)}.`;
  const messages = await station.messages('resource');
  return messages.flatMap(({ subject }) => (subject.startsWith(prefix) ? [subject.slice(prefix.length)] : []));
}

describe.each(cases)('$collection', ({ type, collection, least, patch, wrong, references }) => {
  const make = (more: object = {}): Promise<Answer> =>
    station.call('POST', `/${collection}/`, { ...least(ids), ...more });
  const pathOf = ({ body }: Answer): string => `/${collection}/${String(body['id'])}/`;

  test('a life: made, read, patched, replaced, deleted, and every step told once', async () => {
    const made = await make();
    expect(made).toMatchObject({ status: 201, etag: '"1"', body: least(ids) });
    expect(made.headers.location).toBe(`${PUBLIC_URL}/steering/api/v1${pathOf(made)}`);
    expect((await station.get(pathOf(made))).text).toBe(made.text);
    const patched = await station.call('PATCH', pathOf(made), patch);
    expect(patched).toMatchObject({ status: 200, etag: '"2"', body: patch });
    const replaced = await station.call('PUT', pathOf(made), least(ids));
    const { updatedAt: _, ...asMade } = made.body;
    expect(replaced).toMatchObject({ status: 200, etag: '"3"', body: asMade });
    expect(await station.call('DELETE', pathOf(made))).toMatchObject({ status: 204, text: '' });
    expect(await station.get(pathOf(made))).toMatchObject({ status: 404, body: { code: `${type}-not-found` } });
    expect(await told(type, made.body['id'])).toEqual(['created', 'updated', 'updated', 'deleted']);
  });

  test('a message says where it is, under the public address, and carries the correlation of its request', async () => {
    const made = await station.call('POST', `/${collection}/`, least(ids), { 'x-correlation-id': `c-${type}` });
    expect(made.headers['x-correlation-id']).toBe(`c-${type}`);
    const { id, updatedAt } = made.body;
    const message = (await station.messages('resource')).find(
      ({ headers }) => headers['ce-correlationid'] === `c-${type}`,
    );
    expect(message?.payload.data).toEqual({ id, url: `${PUBLIC_URL}/steering/api/v1${pathOf(made)}`, updatedAt });
    expect(message?.headers['ce-partitionkey']).toBe(`steering/${type}/${String(id)}`);
  });

  test('what changes nothing leaves version and time alone and tells nothing', async () => {
    const made = await make(patch);
    for (const [method, body] of [
      ['PATCH', {}],
      ['PATCH', patch],
      ['PUT', { ...least(ids), ...patch }],
    ] as const) {
      expect(await station.call(method, pathOf(made), body)).toMatchObject({ status: 200, text: made.text });
    }
    expect(await told(type, made.body['id'])).toEqual(['created']);
  });

  test('everything that is wrong with a body is said at once, and nothing is stored or told', async () => {
    const made = await make();
    const before = [(await station.messages('resource')).length, await station.rowCounts()];
    for (const [method, path] of [
      ['POST', `/${collection}/`],
      ['PUT', pathOf(made)],
      ['PATCH', pathOf(made)],
    ] as const) {
      const refused = await station.call(method, path, { ...least(ids), ...wrong, nmae: 'typo' });
      expect(refused).toMatchObject({ status: 400, body: { code: 'invalid-body' } });
      for (const field of [...Object.keys(wrong), 'nmae']) {
        expect(refused.body['errors']).toContainEqual(
          expect.objectContaining({ pointer: expect.stringMatching(`^/${field}`) }),
        );
      }
    }
    expect([(await station.messages('resource')).length, await station.rowCounts()]).toEqual(before);
  });

  test('a version that was not seen is not changed', async () => {
    const made = await make();
    await station.call('PATCH', pathOf(made), patch);
    for (const [method, body] of [
      ['PUT', least(ids)],
      ['PATCH', patch],
      ['DELETE', undefined],
    ] as const) {
      const late = await station.call(method, pathOf(made), body, { 'if-match': made.etag });
      expect(late).toMatchObject({ status: 412, body: { code: 'precondition-failed' } });
    }
    expect((await station.call('DELETE', pathOf(made), undefined, { 'if-match': '"2"' })).status).toBe(204);
  });

  test('a key makes one of several equal requests, and refuses another body', async () => {
    const key = { 'idempotency-key': `once-${type}` };
    const answers = await Promise.all([1, 2, 3].map(() => station.call('POST', `/${collection}/`, least(ids), key)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const other = await station.call('POST', `/${collection}/`, { ...least(ids), ...patch }, key);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  test('pages put together are the list, in every order, both ways', async () => {
    for (let count = 0; count < 3; count += 1) await make();
    for (const order of ['id', 'updatedAt', type === 'episode' ? 'title' : 'name']) {
      const whole = (await station.get(`/${collection}/?order=${order}&limit=200`)).body['items'];
      const pages: unknown[] = [];
      let path: unknown = `/${collection}/?order=${order}&limit=2`;
      while (typeof path === 'string') {
        const { body } = await station.get(path);
        pages.push(...[body['items']].flat());
        path = body['next'];
      }
      expect(pages).toEqual(whole);
      expect(pages.length).toBeGreaterThan(2);
      const descending = (await station.get(`/${collection}/?order=-${order}&limit=200`)).body['items'];
      expect([descending].flat().toReversed()).toEqual(whole);
    }
  });

  test('a reference that leads nowhere is refused, all of them at once', async () => {
    const names = Object.keys(references);
    const nowhere = Object.fromEntries(
      Object.entries(references).map(([field, kind]) => [field, kind === 'one' ? NOBODY : [NOBODY]]),
    );
    if (names.length === 0) return;
    const made = await make();
    for (const [method, path] of [
      ['POST', `/${collection}/`],
      ['PATCH', pathOf(made)],
    ] as const) {
      const refused = await station.call(method, path, { ...least(ids), ...nowhere });
      expect(refused).toMatchObject({ status: 400, body: { code: 'unknown-reference' } });
      const pointers = [refused.body['errors']].flat().map((item) => String(Reflect.get(Object(item), 'pointer')));
      expect(new Set(pointers)).toEqual(new Set(names.map((name) => `/${name}`)));
    }
  });
});

test.each([
  ['media', 'episodes', () => ({ showId: ids.show, title: 'Played' }), 'mediaId', 'one'],
  ['media', 'shows', () => ({ name: 'Plays' }), 'defaultMediaId', 'one'],
  ['profiles', 'episodes', () => ({ showId: ids.show, title: 'Made' }), 'contributorIds', 'many'],
  ['profiles', 'shows', () => ({ name: 'Hosted' }), 'hostIds', 'many'],
  ['categories', 'shows', () => ({ name: 'About' }), 'categoryIds', 'many'],
  ['shows', 'episodes', () => ({ title: 'Of it' }), 'showId', 'one'],
] as const)(
  'one of the %s stays while %s refer to it, and the answer lists them',
  async (target, collection, least, field, kind) => {
    const { body } = await station.call('POST', `/${target}/`, { name: 'Wanted' });
    const id = Number(body['id']);
    const referring = await station.call('POST', `/${collection}/`, {
      ...least(),
      [field]: kind === 'one' ? id : [id],
    });
    expect(referring.status).toBe(201);
    const refused = await station.call('DELETE', `/${target}/${id}/`);
    const { id: referringId, name, title } = referring.body;
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'in-use',
        dependentsCount: 1,
        dependents: [{ id: referringId, name: name ?? title, url: referring.headers.location }],
      },
    });
    await station.call('DELETE', `/${collection}/${String(referringId)}/`);
    expect((await station.call('DELETE', `/${target}/${id}/`)).status).toBe(204);
  },
);

test('a profile that is deleted while an episode takes it into its list: one of the two is told no', async () => {
  for (let round = 0; round < 10; round += 1) {
    const { body } = await station.call('POST', '/profiles/', { name: 'Wanted' });
    const episode = await station.call('POST', '/episodes/', { showId: ids.show, title: 'Takes' });
    const [deleted, taken] = await Promise.all([
      station.call('DELETE', `/profiles/${String(body['id'])}/`),
      station.call('PATCH', `/episodes/${String(episode.body['id'])}/`, { contributorIds: [body['id']] }),
    ]);
    expect([
      [204, 400],
      [409, 200],
    ]).toContainEqual([deleted.status, taken.status]);
  }
});

describe('radio-settings', () => {
  test('there is one, which is changed and never made or deleted', async () => {
    const { body, etag } = await station.get('/radio-settings/');
    expect(body).toMatchObject({ id: 1, timeZone: 'UTC', fallbackShowId: null });
    const patched = await station.call(
      'PATCH',
      '/radio-settings/',
      { stationName: 'Radio Wien' },
      { 'if-match': etag },
    );
    expect(patched).toMatchObject({ status: 200, body: { stationName: 'Radio Wien' } });
    const message = (await station.messages('resource')).find(({ subject }) => subject.includes('radio-settings'));
    expect(message).toMatchObject({
      subject: 'resource.steering.radio-settings.1.updated',
      payload: { data: { id: 1, url: `${PUBLIC_URL}/steering/api/v1/radio-settings/` } },
    });
    for (const method of ['POST', 'DELETE', 'PUT']) {
      expect((await station.call(method, '/radio-settings/', {})).status).toBe(405);
    }
  });

  test.each(['Europe/Atlantis', '+01:00', '', 'CET; DROP', 'Europe/Vienna\u0000', 1, null])(
    'the time zone %j is refused',
    async (timeZone) => {
      const refused = await station.call('PATCH', '/radio-settings/', { timeZone });
      expect(refused).toMatchObject({
        status: 400,
        body: { code: 'invalid-body', errors: [{ pointer: '/timeZone' }] },
      });
    },
  );

  test('a fallback show stays as long as it is one', async () => {
    const { body } = await station.call('POST', '/shows/', { name: 'Always on' });
    await station.call('PATCH', '/radio-settings/', { fallbackShowId: body['id'] });
    const refused = await station.call('DELETE', `/shows/${String(body['id'])}/`);
    expect(refused).toMatchObject({ status: 409, body: { dependents: [{ type: 'radio-settings', id: 1 }] } });
    await station.call('PATCH', '/radio-settings/', { fallbackShowId: null });
    expect((await station.call('DELETE', `/shows/${String(body['id'])}/`)).status).toBe(204);
  });
});
