// GET shows/{id}/: one show, its version, and what is no id.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startStation, type Station } from './support/station.ts';

let station: Station;
beforeAll(async () => {
  station = await startStation();
});
afterAll(async () => station.close());

test('who has the current version is told so in 304 and no more', async () => {
  const created = await station.call('POST', '/shows/', { name: 'Seen before' });
  const path = `/shows/${String(created.body['id'])}/`;
  const again = await station.get(path, { 'if-none-match': created.etag });
  expect(again).toMatchObject({ status: 304, text: '', etag: created.etag });
  await station.call('PATCH', path, { description: 'new' });
  const changed = await station.get(path, { 'if-none-match': created.etag });
  expect(changed).toMatchObject({ status: 200, body: { description: 'new' } });
  expect(changed.etag).not.toBe(created.etag);
});

test('HEAD says what GET would say', async () => {
  const created = await station.call('POST', '/shows/', { name: 'Headed' });
  const { status, etag, text } = await station.call('HEAD', `/shows/${String(created.body['id'])}/`);
  expect({ status, etag, text }).toEqual({ status: 200, etag: created.etag, text: '' });
});

test.each([
  ['999999', 404, 'show-not-found'],
  ['2147483647', 404, 'show-not-found'],
  ['2147483648', 400, 'invalid-path'],
  ['9223372036854775808', 400, 'invalid-path'],
  ['1'.repeat(400), 400, 'invalid-path'],
  ['0', 400, 'invalid-path'],
  ['-1', 400, 'invalid-path'],
  ['1.5', 400, 'invalid-path'],
  ['1e3', 400, 'invalid-path'],
  ['0x10', 400, 'invalid-path'],
  ['007', 400, 'invalid-path'],
  ['%20', 400, 'invalid-path'],
  ['*', 400, 'invalid-path'],
  ['%3E', 400, 'invalid-path'],
  ['%00', 400, 'invalid-path'],
  ['1%00', 400, 'invalid-path'],
  ['%ff', 400, 'invalid-path'],
  ['%', 400, 'invalid-path'],
  ["1'%20OR%20'1'='1", 400, 'invalid-path'],
  ['1%2F2', 400, 'invalid-path'],
  ['%EF%BC%91', 400, 'invalid-path'],
])('shows/%s/ is %i %s, for every method', async (id, status, code) => {
  for (const [method, body] of [['GET'], ['PUT', { name: 'x' }], ['PATCH', {}], ['DELETE']] as const) {
    expect(await station.call(method, `/shows/${id}/`, body)).toMatchObject({ status, body: { code } });
  }
});
