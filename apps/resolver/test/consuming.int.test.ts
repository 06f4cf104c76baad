// What messages do to the resolver's database, through the real broker.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import { headers as natsHeaders } from '@nats-io/transport-node';
import { PackageCreated } from '@longwave/contracts';
import type { OutgoingMessage } from '@longwave/messaging/contract';
import type { RunningService } from '@longwave/runtime';
import { Client } from 'pg';
import { packageMessage } from './support/fleet-messages.ts';
import { get, startStation, type Station } from './support/station.ts';

let station: Station;
let resolver: RunningService;
let database: Client;

beforeAll(async () => {
  station = await startStation();
  resolver = await station.startReplica();
  database = new Client({ connectionString: station.databaseUrl });
  await database.connect();
});

afterAll(async () => {
  await database.end();
  await station.close();
});

async function visible(name: string, description?: string): Promise<Record<string, unknown>> {
  return until(`${name} is visible`, async () => {
    const { status, body } = await get(resolver, `/packages/${name}/1.0.0`);
    return status === 200 && (description === undefined || body['description'] === description) ? body : undefined;
  });
}

async function rowCount(sql: string, ...values: readonly unknown[]): Promise<number> {
  const { rows } = await database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${sql}`, [...values]);
  return rows[0]?.count ?? -1;
}

test('V1 a created package is visible, and an update replaces what was said before', async () => {
  const createdAt = new Date('2026-11-21T10:00:00.123Z');
  const dependencies = [{ name: 'codec-pack', range: '^2.1.0' }];
  await station.broker.publish(
    packageMessage('created', { name: 'engine', vendor: 'Longwave', dependencies }, { createdAt }),
  );
  expect(await visible('engine')).toEqual({
    namespace: 'default',
    packageId: { name: 'engine', version: '1.0.0' },
    vendor: 'Longwave',
    dependencies,
    createdAt: '2026-11-21T10:00:00.123Z',
    updatedAt: '2026-11-21T10:00:00.123Z',
  });
  const updatedAt = new Date('2026-11-21T11:00:00.000Z');
  await station.broker.publish(
    packageMessage('updated', { name: 'engine', description: 'new' }, { createdAt: updatedAt }),
  );
  expect(await visible('engine', 'new')).toEqual({
    namespace: 'default',
    packageId: { name: 'engine', version: '1.0.0' },
    description: 'new',
    createdAt: '2026-11-21T10:00:00.123Z',
    updatedAt: '2026-11-21T11:00:00.000Z',
  });
});

test('V1 a message that is stored twice is applied once', async () => {
  const first = packageMessage('created', { name: 'twice', description: 'once' });
  const later = packageMessage('updated', { name: 'twice', description: 'later' });
  // As after the deduplication window: the same message, another Nats-Msg-Id.
  const again: OutgoingMessage = { ...first, headers: { ...first.headers, 'Nats-Msg-Id': `again-${first.id}` } };
  await station.broker.publish(first, later, again, packageMessage('created', { name: 'after-twice' }));
  await visible('after-twice');
  expect(await visible('twice', 'later')).toMatchObject({ description: 'later' });
  expect(await rowCount('inbox_message WHERE message_id = $1', first.id)).toBe(1);
});

test('V2 two replicas on one consumer leave every package as its last message says', async () => {
  const second = await station.startReplica();
  const names = Array.from({ length: 20 }, (_, index) => `shared-${index}`);
  for (const name of names) await station.broker.publish(packageMessage('created', { name, description: 'v0' }));
  for (let change = 1; change <= 10; change += 1) {
    const description = `v${change}`;
    await Promise.all(names.map((name) => station.broker.publish(packageMessage('updated', { name, description }))));
  }
  for (const name of names) await visible(name, 'v10');
  expect((await get(second, '/packages/shared-7/1.0.0')).body).toMatchObject({ description: 'v10' });
  expect(await rowCount(`inbox_key WHERE key LIKE 'package/default/shared-%'`)).toBe(20);
});

test('V3 a poison message harms itself only, and is kept whole as a dead letter', async () => {
  const subject = PackageCreated.of({ namespace: 'default', packageId: { name: 'poison', version: '1.0.0' } }).subject;
  const told = (data: object): string => JSON.stringify({ version: 1, createdAt: '2026-11-21T12:00:00Z', data });
  const poison = [
    'no JSON at all',
    told({ namespace: 'default', packageId: { name: 'poison', version: 'not a version' } }),
    told({ namespace: 'default', packageId: { name: 'poison', version: '1.0.0' }, description: 'a\u0000b' }),
  ];
  const before = await deadLetters();
  for (const payload of poison) station.broker.plain.publish(subject, payload);
  await station.broker.plain.flush();
  await station.broker.publish(packageMessage('created', { name: 'healthy' }));
  await visible('healthy');
  await until('all poison is buried', async () => (await deadLetters()) === before + poison.length);
  expect((await get(resolver, '/packages/poison/1.0.0')).status).toBe(404);
  // Two replicas bury in any order.
  const letters = await Promise.all(
    poison.map((_, index) => station.broker.manager.streams.getMessage('dead-letter', { seq: before + 1 + index })),
  );
  expect(new Set(letters.map((letter) => letter?.string()))).toEqual(new Set(poison));
  expect(letters.map((letter) => letter?.header.get('lw-group'))).toEqual(poison.map(() => 'resolver'));
});

test('V6 data that names another namespace than its subject is a dead letter, not a package', async () => {
  const before = await deadLetters();
  const { payload } = packageMessage('created', { name: 'smuggled', namespace: 'other' });
  const { subject } = packageMessage('created', { name: 'smuggled', namespace: 'mine' });
  station.broker.plain.publish(subject, payload);
  await until('it is buried', async () => (await deadLetters()) === before + 1);
  for (const namespace of ['mine', 'other']) {
    expect((await get(resolver, '/packages/smuggled/1.0.0', { 'x-namespace': namespace })).status).toBe(404);
  }
});

test('V1 a message from outside, without our headers, is applied too', async () => {
  const { subject, payload } = packageMessage('created', { name: 'foreign', description: 'from outside' });
  station.broker.plain.publish(subject, payload);
  expect(await visible('foreign')).toMatchObject({ description: 'from outside' });
});

test('V1 empty headers are no identity: two such messages are two', async () => {
  const headers = natsHeaders();
  headers.set('ce-id', '');
  for (const name of ['nameless-1', 'nameless-2']) {
    const { subject, payload } = packageMessage('created', { name });
    station.broker.plain.publish(subject, payload, { headers });
  }
  await visible('nameless-2');
  await visible('nameless-1');
});

async function deadLetters(): Promise<number> {
  return (await station.broker.manager.streams.info('dead-letter')).state.last_seq;
}
