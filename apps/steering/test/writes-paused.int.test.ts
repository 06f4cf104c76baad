// T5: what a backup needs from steering, with two replicas.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pauseWrites } from '@longwave/database';
import { createClient } from './support/client.ts';
import { startStation, type Station } from './support/station.ts';

let station: Station;
beforeAll(async () => {
  station = await startStation();
});
afterAll(() => station.close());

test('while writes are paused every replica refuses them with 503 and reads go on; afterwards the same request is done once (T5)', async () => {
  const replica = await station.startReplica();
  const clients = [station, createClient(() => replica.address)];
  await station.call('PUT', '/packages/a/1.0.0', { vendor: 'before' });
  const pause = await pauseWrites({ url: station.databaseUrl, withinMs: 10_000 });
  const before = await station.rowCounts();
  for (const client of clients) {
    const answers = [
      await client.call('POST', '/shows/', { name: 'Paused' }, { 'idempotency-key': 'paused' }),
      await client.call('PUT', '/packages/a/1.0.0', { vendor: 'during' }),
    ];
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 503, body: { code: 'writes-paused' }, headers: { 'retry-after': '2' } });
    }
    expect(await client.get('/packages/a/1.0.0')).toMatchObject({ status: 200, body: { vendor: 'before' } });
    expect(await client.get('/health/ready')).toMatchObject({ status: 200 });
  }
  expect(await station.rowCounts()).toEqual(before);
  await pause.release();
  for (const client of clients) {
    const answer = await client.call('POST', '/shows/', { name: 'Paused' }, { 'idempotency-key': 'paused' });
    expect(answer).toMatchObject({ status: 201 });
  }
  expect(await station.rowCounts()).toMatchObject({ show: (before['show'] ?? 0) + 1 });
});
