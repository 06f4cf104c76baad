// O10: a Postgres of its own that hangs on purpose, and a relay that is stopped meanwhile.
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { startPostgres } from '@longwave/embedded';
import { quietLog } from '@longwave/embedded/testing';
import { systemTime } from '@longwave/messaging';
import { createNudges, startOutboxRelay } from '@longwave/messaging/outbox';
import { Client } from 'pg';
import { startBroker } from './support/broker.ts';
import { until } from './support/until.ts';

test('O10: stopping while Postgres hangs ends within seconds; that it hangs shows before', async () => {
  const broker = await startBroker();
  const backend = broker.backend();
  const postgres = await startPostgres({ inMemory: true, durable: false });
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(await readFile(new URL('../src/outbox/outbox-table.sql', import.meta.url), 'utf8'));
  await client.end();
  const nudges = createNudges(backend.link, 'test', systemTime);
  const options = { databaseUrl: postgres.url, publisher: backend.publisher, nudges, log: quietLog };
  const relay = startOutboxRelay({ ...options, time: systemTime });
  await until('it has its lanes', async () => (await locks(postgres.url)) > 0);
  postgres.pause();
  await until('that is told', () => relay.state().state === 'degraded');
  const startedAt = performance.now();
  await relay.stop();
  expect(performance.now() - startedAt).toBeLessThan(7_000);
  postgres.resume();
  await postgres.stop();
  await broker.close();
});

async function locks(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory'",
  );
  await client.end();
  return rows[0]?.n ?? 0;
}
