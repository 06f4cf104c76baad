// DELETE shows/{id}/: gone is gone, and nothing is left hanging.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statusesOf, type Answer } from './support/client.ts';
import { PUBLIC_URL, startStation, type Station } from './support/station.ts';

let station: Station;
beforeAll(async () => {
  station = await startStation();
});
afterAll(async () => station.close());

const pathOf = ({ body }: Answer): string => `/shows/${String(body['id'])}/`;
const make = (content: object): Promise<Answer> => station.call('POST', '/shows/', content);

test('a deleted show is gone, and its slug is free again', async () => {
  const made = await make({ name: 'Short life' });
  expect(await station.call('DELETE', pathOf(made))).toMatchObject({ status: 204, text: '' });
  expect(await station.get(pathOf(made))).toMatchObject({ status: 404, body: { code: 'show-not-found' } });
  expect(await station.call('DELETE', pathOf(made))).toMatchObject({ status: 404, body: { code: 'show-not-found' } });
  const next = await make({ name: 'Short life' });
  expect(next.body['slug']).toBe('short-life');
  expect(next.body['id']).not.toBe(made.body['id']);
});

test('A4: a show that others continue stays, and the answer lists them', async () => {
  const first = await make({ name: 'Season 1' });
  const others = [
    await make({ name: 'Season 2', predecessorId: first.body['id'] }),
    await make({ name: 'Spin-off', predecessorId: first.body['id'] }),
  ];
  const refused = await station.call('DELETE', pathOf(first));
  expect(refused).toMatchObject({
    status: 409,
    body: {
      code: 'in-use',
      dependentsCount: 2,
      dependents: others.map(({ body }) => ({
        type: 'show',
        id: body['id'],
        name: body['name'],
        url: `${PUBLIC_URL}/steering/api/v1/shows/${String(body['id'])}/`,
      })),
    },
  });
  for (const other of others) await station.call('PATCH', pathOf(other), { predecessorId: null });
  expect((await station.call('DELETE', pathOf(first))).status).toBe(204);
});

test('the list of what hangs on a show is bounded, its count is not', async () => {
  const first = await make({ name: 'Popular' });
  await station.pool.query(
    `INSERT INTO show (name, folded_name, slug, short_description, description, internal_note, links, is_active, is_public,
       predecessor_id, created_at, updated_at)
     SELECT 'n', 'n', 'popular-' || n, '', '', '', '[]', true, true, $1, now(), now() FROM generate_series(2, 151) n`,
    [first.body['id']],
  );
  const { body } = await station.call('DELETE', pathOf(first));
  expect(body['dependentsCount']).toBe(150);
  expect(body['dependents']).toHaveLength(100);
});

test('A4: a show that is deleted while another takes it as predecessor: one of the two is told no', async () => {
  for (let round = 0; round < 10; round += 1) {
    const wanted = await make({ name: 'Wanted' });
    const heir = await make({ name: 'Heir' });
    const [deleted, taken] = await Promise.all([
      station.call('DELETE', pathOf(wanted)),
      station.call('PATCH', pathOf(heir), { predecessorId: wanted.body['id'] }),
    ]);
    expect([
      [204, 400],
      [409, 200],
    ]).toContainEqual([deleted.status, taken.status]);
  }
});

test('of many who delete a show at once one does', async () => {
  const made = await make({ name: 'Unloved' });
  const answers = await Promise.all(Array.from({ length: 10 }, () => station.call('DELETE', pathOf(made))));
  expect(statusesOf(answers)).toEqual([204, ...Array.from({ length: 9 }, () => 404)]);
});
