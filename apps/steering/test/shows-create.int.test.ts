// POST shows/: what a client gets, and what it may leave to us.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startStation, type Station } from './support/station.ts';

let station: Station;
beforeAll(async () => {
  station = await startStation();
});
afterAll(async () => station.close());

test('a name is enough: everything else has a default, and the answer says where it is', async () => {
  const created = await station.call('POST', '/shows/', { name: 'Morning Wave' });
  expect(created.status).toBe(201);
  expect(created.body).toEqual({
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
    createdAt: expect.any(String),
    updatedAt: created.body['createdAt'],
  });
  expect(created.headers.get('location')).toBe(
    `https://radio.example/steering/api/v1/shows/${String(created.body['id'])}/`,
  );
  expect(created.etag).toBe('"1"');
});
