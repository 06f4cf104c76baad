// What an observer sees of the outbox: how much waits and for how long, what has left, and nothing rather than an old
// number when Postgres hangs.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startPostgres, type PostgresServer } from '@longwave/embedded';
import { quietLog } from '@longwave/embedded/testing';
import { PublishError, systemTime, type Publisher } from '@longwave/messaging';
import { startOutboxRelay, writeToOutbox, type OutboxRelay } from '@longwave/messaging/outbox';
import { prometheusObserver } from '@longwave/messaging/prometheus';
import { Pool } from 'pg';
import { Registry } from 'prom-client';
import { v7 } from 'uuid';
import { Reading, testSource } from './support/reading.ts';
import { until } from './support/until.ts';

let postgres: PostgresServer;
let pool: Pool;
let relay: OutboxRelay;
let isUp = false;
const registry = new Registry();

/** A broker that is away until a test says otherwise. */
const publisher: Publisher = {
  publish: async ({ id }) => {
    if (!isUp) throw new PublishError('unavailable', id, 'the broker is away');
    return { stream: 'events', sequence: 1, duplicate: false };
  },
  lastIdOn: async () => null,
};

beforeAll(async () => {
  postgres = await startPostgres({ inMemory: true, durable: false });
  pool = new Pool({ connectionString: postgres.url, max: 2 });
  // A server that stops may say so to a connection that is closing.
  pool.on('error', () => undefined);
  await pool.query(await readFile(new URL('../src/outbox/outbox-table.sql', import.meta.url), 'utf8'));
  const observer = prometheusObserver(registry, [Reading]);
  const nudges = { send: () => undefined, listen: () => () => undefined };
  relay = startOutboxRelay({ databaseUrl: postgres.url, publisher, nudges, log: quietLog, time: systemTime, observer });
});

afterAll(async () => {
  await relay.stop();
  await pool.end();
  await postgres.stop();
});

async function valueOf(name: string): Promise<number | null> {
  const found = new RegExp(`^${name} (.+)$`, 'm').exec(await registry.metrics())?.[1];
  return found === undefined ? null : Number(found);
}

test('what waits is counted with its age, and what has left as relayed', async () => {
  const anHourAgo = { source: testSource, now: () => new Date(Date.now() - 3_600_000), newId: () => v7() };
  const execute = (sql: string, ...parameters: unknown[]) => pool.query(sql, parameters);
  const drafts = ['a', 'b', 'c'].map((meter) => Reading.of({ meter, value: 1 }));
  await writeToOutbox(execute, anHourAgo, { correlationId: 'because' }, drafts);
  expect(await valueOf('messaging_outbox_rows')).toBe(3);
  expect(await valueOf('messaging_outbox_oldest_age_seconds')).toBeGreaterThanOrEqual(3_600);
  expect(await valueOf('messaging_outbox_oldest_age_seconds')).toBeLessThan(3_700);
  isUp = true;
  await until('all has left', async () => (await valueOf('messaging_outbox_rows')) === 0, 20_000);
  expect(await valueOf('messaging_outbox_oldest_age_seconds')).toBe(0);
  expect(await valueOf('messaging_outbox_relayed_rows_total')).toBe(3);
});

test('a Postgres that hangs does not hold up a scrape; there is no number then, and one again afterwards', async () => {
  postgres.pause();
  const startedMs = performance.now();
  expect(await valueOf('messaging_outbox_rows')).toBeNull();
  expect(performance.now() - startedMs).toBeLessThan(3_000);
  postgres.resume();
  await until('there is a number', async () => (await valueOf('messaging_outbox_rows')) === 0);
});
