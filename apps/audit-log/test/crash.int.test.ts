// The process dies at the two moments that matter: while its transaction is open, and after the commit but before the
// broker heard of it. Afterwards every message is one entry, and no number is missing.
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import { Client } from 'pg';
import { isGapFree, readLog, type LogContent } from './support/log-content.ts';
import { message, oneSubjectPerStream } from './support/messages.ts';
import { startStation, type Station } from './support/station.ts';

let station: Station;
let log: LogContent;
let published = 0;

beforeAll(async () => {
  station = await startStation();
  log = await readLog(station.databaseUrl);
});

afterAll(async () => {
  await log.close();
  await station.close();
});

async function publishMany(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await station.broker.publish(message(oneSubjectPerStream[index % oneSubjectPerStream.length] ?? ''));
  }
  published += count;
}

/** Lets everyone read the log and nobody write it, until it is released. */
async function holdWriters(): Promise<() => Promise<void>> {
  const holder = new Client({ connectionString: station.databaseUrl });
  await holder.connect();
  await holder.query('BEGIN; LOCK TABLE entry IN EXCLUSIVE MODE');
  return async () => {
    await holder.query('ROLLBACK');
    await holder.end();
  };
}

const writerWaits = () =>
  until('a writer waits for the lock', async () => {
    const { rowCount } = await log.client.query(
      `SELECT FROM pg_stat_activity
        WHERE application_name = 'audit-log' AND wait_event_type = 'Lock' AND datname = current_database()`,
    );
    return rowCount !== null && rowCount > 0;
  });

async function expectAllRecordedOnce(): Promise<void> {
  await until(`there are ${published} entries`, async () => (await log.count()) >= published, 40_000);
  const unsettled = async (stream: string): Promise<number> => {
    const { num_ack_pending, num_pending } = await station.broker.manager.consumers.info(stream, 'audit-log');
    return num_ack_pending + num_pending;
  };
  for (const stream of ['resource', 'program', 'events', 'notification', 'dead-letter']) {
    await until(`all of ${stream} is settled`, async () => (await unsettled(stream)) === 0, 40_000);
  }
  const rows = await log.rows();
  expect(rows).toHaveLength(published);
  expect(isGapFree(rows)).toBe(true);
}

test('A1 killed while its transactions are open: every message is one entry after the restart', async () => {
  const release = await holdWriters();
  const first = await station.forkReplica();
  await publishMany(100);
  await writerWaits();
  first.process.kill('SIGKILL');
  await once(first.process, 'exit');
  await release();
  const second = await station.forkReplica();
  await expectAllRecordedOnce();
  second.process.kill('SIGKILL');
  await once(second.process, 'exit');
});

test('A1 killed after the commit, before the broker heard of it: the redelivered messages are known', async () => {
  const release = await holdWriters();
  const first = await station.forkReplica();
  const before = await log.count();
  await publishMany(20);
  await writerWaits();
  const bringBack = await station.broker.kill();
  await release();
  await until('something is committed', async () => (await log.count()) > before);
  first.process.kill('SIGKILL');
  await once(first.process, 'exit');
  await bringBack();
  const second = await station.forkReplica();
  await expectAllRecordedOnce();
  second.process.kill('SIGTERM');
  expect((await once(second.process, 'exit'))[0]).toBe(0);
});
