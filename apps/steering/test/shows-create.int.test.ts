// POST shows/: what a client gets, and what it may leave to us.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { BASE_PATH, createClient } from './support/client.ts';
import { startStation, type Station } from './support/station.ts';

let station: Station;
beforeAll(async () => {
  station = await startStation();
});
afterAll(async () => station.close());

const complete = {
  name: 'Nachtflug',
  slug: 'night-flight',
  shortDescription: 'Ambient until four',
  description: 'Line one\nLine two\t😀',
  internalNote: 'Key 7',
  languages: ['de', 'pt-BR'],
  links: [{ type: 'website', url: 'https://radio.example/night' }],
  isActive: false,
  isPublic: false,
};

test('a name is enough: everything else has a default', async () => {
  const { status, body, etag } = await station.call('POST', '/shows/', { name: 'Morning Wave' });
  expect(status).toBe(201);
  expect(body).toEqual({
    id: expect.any(Number),
    name: 'Morning Wave',
    slug: 'morning-wave',
    shortDescription: '',
    description: '',
    internalNote: '',
    languages: [],
    links: [],
    isActive: true,
    isPublic: true,
    predecessorId: null,
    defaultMediaId: null,
    categoryIds: [],
    hostIds: [],
    owners: [],
    topics: [],
    musicFocus: [],
    type: '',
    fundingCategory: '',
    logo: null,
    image: null,
    numberOfPeople: null,
    storageQuotaMiB: 10_240,
    cbaId: null,
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    updatedAt: body['createdAt'],
  });
  expect(etag).toBe('"1"');
});

test('what was sent is what is stored, to the last character', async () => {
  const created = await station.call('POST', '/shows/', complete);
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject(complete);
  const read = await station.get(`/shows/${String(created.body['id'])}/`);
  expect(read.text).toBe(created.text);
  expect(read.etag).toBe(created.etag);
});

test('A5: Location is the public address, whatever the Host header claims', async () => {
  const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' };
  const created = await station.call('POST', '/shows/', { name: 'Hostless' }, headers);
  expect(created.headers.location).toMatch(/^https:\/\/radio\.example\/steering\/api\/v1\/shows\/\d+\/$/);
});

test('without PUBLIC_URL the address is where the service listens', async () => {
  const other = await station.startReplica({ PUBLIC_URL: '' });
  const created = await createClient(() => other.address).call('POST', '/shows/', { name: 'Local' });
  const location = created.headers.location ?? '';
  expect(location.startsWith(`${other.address}${BASE_PATH}/shows/`)).toBe(true);
  expect(await (await fetch(location)).json()).toEqual(created.body);
});

test('A3: a derived slug is made unique, a chosen one that is taken is refused', async () => {
  const slugs = [];
  for (const name of ['Ö-Töne', 'ö töne!', 'O Tone']) {
    slugs.push((await station.call('POST', '/shows/', { name })).body['slug']);
  }
  expect(slugs).toEqual(['o-tone', 'o-tone-2', 'o-tone-3']);
  const refused = await station.call('POST', '/shows/', { name: 'Another', slug: 'o-tone-2' });
  expect(refused).toMatchObject({ status: 409, body: { code: 'slug-taken' } });
});

test('the number is the smallest that is free, beyond any round figure', async () => {
  await station.pool.query(
    `INSERT INTO show (name, folded_name, slug, short_description, description, internal_note, links, is_active, is_public,
       created_at, updated_at)
     SELECT 'Serial', 'serial', 'serial' || n, '', '', '', '[]', true, true, now(), now()
     FROM unnest(ARRAY[''] || ARRAY(SELECT '-' || number FROM generate_series(2, 200) number WHERE number <> 150)) n`,
  );
  const slugs = [];
  for (let count = 0; count < 2; count += 1) {
    slugs.push((await station.call('POST', '/shows/', { name: 'Serial' })).body['slug']);
  }
  expect(slugs).toEqual(['serial-150', 'serial-201']);
});

test('A3: twenty shows of one name at once get twenty slugs, and nobody an error', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => station.call('POST', '/shows/', { name: 'Rush Hour' })),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
  expect(new Set(answers.map(({ body }) => body['slug']))).toEqual(
    new Set(['rush-hour', ...Array.from({ length: 19 }, (_, index) => `rush-hour-${index + 2}`)]),
  );
});

test('A3: of twenty who choose one slug at once one gets it, whoever derives it meanwhile gets another', async () => {
  const chosen = Array.from({ length: 20 }, () => station.call('POST', '/shows/', { name: 'X', slug: 'gold-rush' }));
  const derived = Array.from({ length: 5 }, () => station.call('POST', '/shows/', { name: 'Gold Rush' }));
  const statuses = (await Promise.all(chosen)).map(({ status }) => status);
  expect(statuses.filter((status) => status !== 409).length).toBeLessThanOrEqual(1);
  expect((await Promise.all(derived)).map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
  const { rows } = await station.pool.query(`SELECT count(*)::int, count(DISTINCT slug)::int AS slugs FROM show`);
  expect(rows[0].count).toBe(rows[0].slugs);
});

test('a show may continue one that is there, and no other', async () => {
  const first = await station.call('POST', '/shows/', { name: 'First season' });
  const second = await station.call('POST', '/shows/', { name: 'Second', predecessorId: first.body['id'] });
  expect(second).toMatchObject({ status: 201, body: { predecessorId: first.body['id'] } });
  const lost = await station.call('POST', '/shows/', { name: 'Lost', predecessorId: 2_147_483_647 });
  expect(lost).toMatchObject({
    status: 400,
    body: { code: 'unknown-reference', errors: [{ pointer: '/predecessorId', code: 'unknown_reference' }] },
  });
});

test('A6: every problem of a body is reported at once', async () => {
  const { status, body } = await station.call('POST', '/shows/', {
    name: ' ',
    slug: 'Not A Slug',
    isActive: 'yes',
    links: [{ type: 'x', url: 'javascript:alert(1)', more: 1 }],
    nmae: 'typo',
  });
  expect(status).toBe(400);
  expect(body['code']).toBe('invalid-body');
  const { errors } = z.object({ errors: z.array(z.object({ pointer: z.string() })) }).parse(body);
  expect(new Set(errors.map(({ pointer }) => pointer))).toEqual(
    new Set(['/name', '/slug', '/isActive', '/links/0/url', '/links/0/more', '/nmae']),
  );
});
