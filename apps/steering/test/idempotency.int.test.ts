// Idempotency-Key: a POST that is sent again has one effect and one answer.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Clock } from '@longwave/runtime';
import { createIdempotencyKeys } from '../src/store/idempotency-keys.ts';
import type { Answer } from './support/client.ts';
import { openPrisma } from './support/open-prisma.ts';
import { startStation, type Station } from './support/station.ts';

const HOUR_MS = 3_600_000;

let station: Station;
let nowMs = Date.parse('2026-11-21T12:00:00.000Z');
const clock: Clock = { now: () => new Date(nowMs) };
beforeAll(async () => {
  station = await startStation({ clock });
});
afterAll(async () => station.close());

function post(key: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return station.call('POST', '/shows/', body, { 'idempotency-key': key, ...headers });
}

async function showsCalled(name: string): Promise<number> {
  const { rows } = await station.pool.query('SELECT count(*)::int FROM show WHERE name = $1', [name]);
  return rows[0].count;
}

test('I1: the same request again gets the same answer, says so, and has no effect', async () => {
  const key = randomUUID();
  const first = await post(key, { name: 'Once' });
  const again = await post(key, { name: 'Once' });
  expect(first.status).toBe(201);
  expect(first.headers['idempotency-replayed']).toBeUndefined();
  expect(again).toMatchObject({ status: 201, text: first.text, etag: first.etag });
  expect(again.headers.location).toBe(first.headers.location);
  expect(again.headers['content-type']).toBe(first.headers['content-type']);
  expect(again.headers['idempotency-replayed']).toBe('true');
  expect(await showsCalled('Once')).toBe(1);
});

test('the answer is the one that was given, whatever happened to the show since', async () => {
  const key = randomUUID();
  const first = await post(key, { name: 'Fleeting' });
  await station.call('DELETE', `/shows/${String(first.body['id'])}/`);
  expect(await post(key, { name: 'Fleeting' })).toMatchObject({ status: 201, text: first.text });
});

test('the same meaning in other words is the same request', async () => {
  const key = randomUUID();
  const first = await post(key, { name: 'Words', description: '' });
  const again = await station.call('POST', '/shows/', '{ "isActive": true,\n "name": " Words " }', {
    'idempotency-key': key,
  });
  expect(again).toMatchObject({ status: 201, text: first.text });
});

test('I3: another body under a used key is refused', async () => {
  const key = randomUUID();
  await post(key, { name: 'Mine' });
  expect(await post(key, { name: 'Other' })).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  expect(await showsCalled('Other')).toBe(0);
});

test('I1: twenty at once with one key make one show and get one answer', async () => {
  const key = randomUUID();
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(key, { name: 'Stampede' })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
  expect(await showsCalled('Stampede')).toBe(1);
});

test('I2: a refused request keeps nothing: mended, it may use its key', async () => {
  await post(randomUUID(), { name: 'Holder', slug: 'held' });
  const key = randomUUID();
  expect((await post(key, { name: 'Wisher', slug: 'held' })).status).toBe(409);
  expect((await post(key, { name: 'Wisher', slug: 'free' })).status).toBe(201);
});

test('I4: a key is remembered for 24 hours and then forgotten', async () => {
  const key = randomUUID();
  const first = await post(key, { name: 'Daily' });
  nowMs += 23 * HOUR_MS;
  expect((await post(key, { name: 'Daily' })).text).toBe(first.text);
  nowMs += 2 * HOUR_MS;
  const next = await post(key, { name: 'Daily, the next day' });
  expect(next.status).toBe(201);
  expect(next.headers['idempotency-replayed']).toBeUndefined();
});

test('I4: expired keys are removed in bounded steps, the others stay', async () => {
  const { prisma, close } = openPrisma(station.databaseUrl);
  await station.pool.query('DELETE FROM idempotency_key');
  for (let index = 0; index < 5; index += 1) await post(`old-${index}`, { name: 'Old' });
  nowMs += 24 * HOUR_MS;
  await post('new', { name: 'New' });
  const keys = createIdempotencyKeys(prisma, () => clock.now());
  expect(await keys.removeExpired(3)).toBe(3);
  expect(await keys.removeExpired(3)).toBe(2);
  expect(await keys.removeExpired(3)).toBe(0);
  expect((await station.pool.query('SELECT key FROM idempotency_key')).rows).toEqual([{ key: 'new' }]);
  await close();
});

test.each(['', 'a b', 'ä', 'x'.repeat(129)])('the key %j is refused', async (key) => {
  const encoded = Buffer.from(key).toString('latin1');
  expect(await post(encoded, { name: 'No' })).toMatchObject({ status: 400, body: { code: 'invalid-header' } });
});
