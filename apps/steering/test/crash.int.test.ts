// R1, R2: steering killed at any moment, and stopped at any moment. What was answered is stored; what is stored is told,
// once.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { forkService, until } from '@longwave/embedded/testing';
import { createClient, type Client } from './support/client.ts';
import { startStation, type Station } from './support/station.ts';

type Replica = { readonly process: ChildProcess; readonly client: Client };

let station: Station;
beforeEach(async () => {
  station = await startStation();
  // It would send what the killed one left behind; here the next process is to do so.
  await station.service.stop();
});
afterEach(async () => station.close());

async function forkReplica(): Promise<Replica> {
  const settings = { ...station.broker.settings, DATABASE_URL: station.databaseUrl, PORT: '0', LOG_LEVEL: 'fatal' };
  const { process, address } = await forkService(new URL('../src/main.ts', import.meta.url), settings);
  return { process, client: createClient(() => address) };
}

/** Creates and changes shows, eight at a time, until the service is gone. Resolves with the shows that were answered. */
async function work({ client, process: child }: Replica): Promise<ReadonlyMap<number, number>> {
  const revisions = new Map<number, number>();
  const worker = async (): Promise<void> => {
    while (child.exitCode === null && child.signalCode === null) {
      const made = await client.call('POST', '/shows/', { name: 'Crashing' });
      if (made.status !== 201) continue;
      const id = Number(made.body['id']);
      revisions.set(id, 1);
      const patched = await client.call('PATCH', `/shows/${id}/`, { description: 'changed' });
      if (patched.status === 200) revisions.set(id, 2);
    }
  };
  // A connection that is cut is what this is about.
  await Promise.allSettled(Array.from({ length: 8 }, worker));
  return revisions;
}

async function expectToldOnce(answered: ReadonlyMap<number, number>): Promise<void> {
  const { rows } = await station.pool.query<{ id: number; revision: number }>('SELECT id, revision FROM show');
  const stored = new Map(rows.map(({ id, revision }) => [id, revision]));
  for (const [id, revision] of answered) expect(stored.get(id)).toBeGreaterThanOrEqual(revision);
  const told = Map.groupBy(await station.messages('resource'), ({ payload }) => Number(payload.data['id']));
  expect(told.size).toBe(stored.size);
  for (const [id, revision] of stored) {
    const verbs = told.get(id)?.map(({ subject }) => subject.split('.').at(-1));
    expect(verbs).toEqual(revision === 1 ? ['created'] : ['created', 'updated']);
  }
}

test('kill -9 under load: every answered change is stored and told once, in order, by the process after it', async () => {
  for (let round = 0; round < 3; round += 1) {
    const replica = await forkReplica();
    const working = work(replica);
    await until('it is busy', async () => ((await station.rowCounts())['show'] ?? 0) > 20 * (round + 1));
    replica.process.kill('SIGKILL');
    const answered = await working;
    expect(answered.size).toBeGreaterThan(0);
    const next = await forkReplica();
    await expectToldOnce(answered);
    next.process.kill('SIGTERM');
    await once(next.process, 'exit');
  }
});

test('SIGTERM under load: nothing that was begun is cut off, all is told, and the process ends by itself', async () => {
  const replica = await forkReplica();
  const working = work(replica);
  await until('it is busy', async () => ((await station.rowCounts())['show'] ?? 0) > 20);
  const exit = once(replica.process, 'exit');
  replica.process.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  const answered = await working;
  const next = await forkReplica();
  await expectToldOnce(answered);
  const { rows } = await station.pool.query('SELECT count(*)::int FROM show');
  expect(rows[0].count).toBe(answered.size);
  next.process.kill('SIGTERM');
  await once(next.process, 'exit');
});
