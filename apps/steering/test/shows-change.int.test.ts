// PUT and PATCH shows/{id}/: what becomes of a show, and whose change wins.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { statusesOf, type Answer } from './support/client.ts';
import { startStation, type Station } from './support/station.ts';

let station: Station;
beforeAll(async () => {
  station = await startStation();
});
afterAll(async () => station.close());

const pathOf = ({ body }: Answer): string => `/shows/${String(body['id'])}/`;
const make = (content: object): Promise<Answer> => station.call('POST', '/shows/', content);

describe('PATCH', () => {
  test('changes what is named and nothing else', async () => {
    const made = await make({ name: 'Patched', description: 'stays', languages: ['de', 'en'], isActive: true });
    const patched = await station.call('PATCH', pathOf(made), { isActive: false, languages: ['fr'] });
    expect(patched.status).toBe(200);
    const { updatedAt, ...rest } = made.body;
    expect(patched.body).toEqual({ ...rest, isActive: false, languages: ['fr'], updatedAt: expect.any(String) });
    expect(String(patched.body['updatedAt']) > String(updatedAt)).toBe(true);
    expect(patched.etag).toBe('"2"');
    expect((await station.get(pathOf(made))).text).toBe(patched.text);
  });

  test('is taken as plain JSON, too', async () => {
    const made = await make({ name: 'Plain' });
    const patched = await station.call(
      'PATCH',
      pathOf(made),
      { name: 'Plainer' },
      { 'content-type': 'application/json' },
    );
    expect(patched).toMatchObject({ status: 200, body: { name: 'Plainer', slug: 'plain' } });
  });

  test('cannot remove what a show must have, but can end a succession', async () => {
    const first = await make({ name: 'First' });
    const second = await make({ name: 'Second', predecessorId: first.body['id'] });
    const refused = await station.call('PATCH', pathOf(second), { name: null, description: null });
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid-body' } });
    const freed = await station.call('PATCH', pathOf(second), { predecessorId: null });
    expect(freed).toMatchObject({ status: 200, body: { predecessorId: null } });
  });
});

describe('PUT', () => {
  test('replaces everything: what is absent gets its default, except the slug, which is an address', async () => {
    const made = await make({
      name: 'Before',
      slug: 'kept',
      description: 'goes',
      links: [{ type: 'a', url: 'https://a.example' }],
    });
    const replaced = await station.call('PUT', pathOf(made), { name: 'After' });
    expect(replaced).toMatchObject({
      status: 200,
      etag: '"2"',
      body: { name: 'After', slug: 'kept', description: '', links: [], createdAt: made.body['createdAt'] },
    });
  });

  test('needs what creating needs', async () => {
    const made = await make({ name: 'Complete' });
    expect(await station.call('PUT', pathOf(made), {})).toMatchObject({
      status: 400,
      body: { code: 'invalid-body', errors: [{ pointer: '/name', code: 'required' }] },
    });
  });
});

test.each(['PUT', 'PATCH'])('A1: a %s that changes nothing leaves version and time alone', async (method) => {
  const made = await make({ name: `Same ${method}`, links: [{ type: 'a', url: 'https://a.example' }] });
  const { name, links } = made.body;
  const again = await station.call(method, pathOf(made), { name, links });
  expect(again).toMatchObject({ status: 200, etag: made.etag, text: made.text });
});

describe('A1: If-Match', () => {
  test.each(['PUT', 'PATCH', 'DELETE'])('a %s of another version than the one seen is refused', async (method) => {
    const made = await make({ name: `Seen ${method}` });
    await station.call('PATCH', pathOf(made), { description: 'meanwhile' });
    const body = method === 'DELETE' ? undefined : { name: 'late' };
    const late = await station.call(method, pathOf(made), body, { 'if-match': made.etag });
    expect(late).toMatchObject({ status: 412, body: { code: 'precondition-failed' } });
    const weak = await station.call(method, pathOf(made), body, { 'if-match': 'W/"2"' });
    expect(weak.status).toBe(412);
    const malformed = await station.call(method, pathOf(made), body, { 'if-match': '2' });
    expect(malformed).toMatchObject({ status: 400, body: { code: 'invalid-header' } });
    expect(await station.get(pathOf(made))).toMatchObject({
      status: 200,
      etag: '"2"',
      body: { description: 'meanwhile' },
    });
    const anyVersion = await station.call(method, pathOf(made), body, { 'if-match': '*' });
    expect(anyVersion.status).toBe(method === 'DELETE' ? 204 : 200);
  });

  test('of many who saw the same version and change it at once, one wins and the others learn of it', async () => {
    const made = await make({ name: 'Contended' });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        station.call('PATCH', pathOf(made), { description: `by ${index}` }, { 'if-match': made.etag }),
      ),
    );
    expect(statusesOf(answers)).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
    const winner = answers.find(({ status }) => status === 200);
    expect((await station.get(pathOf(made))).text).toBe(winner?.text);
  });

  test('is looked at only where there is something to match', async () => {
    const nobody = await station.call('PATCH', '/shows/999999/', {}, { 'if-match': '"1"' });
    expect(nobody).toMatchObject({ status: 404, body: { code: 'show-not-found' } });
  });
});

test('a slug that another show has is refused, the own one is not', async () => {
  const one = await make({ name: 'Slug one' });
  const two = await make({ name: 'Slug two' });
  const taken = await station.call('PATCH', pathOf(two), { slug: one.body['slug'] });
  expect(taken).toMatchObject({ status: 409, body: { code: 'slug-taken' } });
  expect((await station.call('PATCH', pathOf(two), { slug: 'slug-two', name: 'New' })).status).toBe(200);
});

test('two shows that swap their slugs at once end in an answer, not in an error', async () => {
  const one = await make({ name: 'Swap A' });
  const two = await make({ name: 'Swap B' });
  const answers = await Promise.all([
    station.call('PATCH', pathOf(one), { slug: 'swap-b' }),
    station.call('PATCH', pathOf(two), { slug: 'swap-a' }),
  ]);
  for (const { status } of answers) expect(status).toBe(409);
});

test('twenty changes of one show at once all happen, one after the other', async () => {
  const made = await make({ name: 'Busy' });
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => station.call('PATCH', pathOf(made), { internalNote: String(index) })),
  );
  expect(new Set(answers.map(({ etag }) => etag))).toEqual(new Set(answers.map((_, index) => `"${index + 2}"`)));
  expect(new Set(answers.map(({ body }) => body['updatedAt'])).size).toBe(20);
});

describe('A4: a succession', () => {
  test('leads to somebody who is there', async () => {
    const made = await make({ name: 'Orphan' });
    const lost = await station.call('PATCH', pathOf(made), { predecessorId: 2_147_483_647 });
    expect(lost).toMatchObject({
      status: 400,
      body: { code: 'unknown-reference', errors: [{ pointer: '/predecessorId' }] },
    });
    const beyond = await station.call('PATCH', pathOf(made), { predecessorId: 2 ** 31 });
    expect(beyond).toMatchObject({
      status: 400,
      body: { code: 'invalid-body', errors: [{ pointer: '/predecessorId' }] },
    });
  });

  test('never leads back to the show itself, by however many steps', async () => {
    const first = await make({ name: 'Cycle 1' });
    const second = await make({ name: 'Cycle 2', predecessorId: first.body['id'] });
    const third = await make({ name: 'Cycle 3', predecessorId: second.body['id'] });
    for (const { body } of [first, second, third]) {
      const closed = await station.call('PATCH', pathOf(first), { predecessorId: body['id'] });
      expect(closed).toMatchObject({
        status: 400,
        body: { code: 'predecessor-cycle', errors: [{ pointer: '/predecessorId' }] },
      });
    }
  });

  test('is not closed by shows that take each other at the same moment', async () => {
    const ring = await Promise.all(Array.from({ length: 4 }, (_, index) => make({ name: `Ring ${index}` })));
    const answers = await Promise.all(
      ring.map((made, index) =>
        station.call('PATCH', pathOf(made), { predecessorId: ring[(index + 1) % ring.length]?.body['id'] }),
      ),
    );
    expect(statusesOf(answers)).toEqual([200, 200, 200, 400]);
  });
});
