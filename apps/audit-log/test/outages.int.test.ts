// What the audit log needs goes away and comes back: no message is missing, none is twice, nothing needs a restart.
// The Postgres and the nats-server are this file's own, because it harms them.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { applyMigrations, ensureDatabase } from '@longwave/database';
import { freePort, startPostgres, type PostgresServer } from '@longwave/embedded';
import { getJson, temporaryFolder, until, type TemporaryFolder } from '@longwave/embedded/testing';
import { createLogger, type RunningService } from '@longwave/runtime';
import { isGapFree, readLog } from './support/log-content.ts';
import { message, oneSubjectPerStream } from './support/messages.ts';
import { get, migrations, startStation, type Station } from './support/station.ts';

let folder: TemporaryFolder;
let postgres: PostgresServer;
let startAgain: () => Promise<PostgresServer>;
let station: Station;
let auditLog: RunningService;
let published = 0;
const errorLines: string[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  const port = await freePort();
  // Durable: what was acknowledged to the broker must survive the kill.
  startAgain = () => startPostgres({ dataDirectory: folder.path, port });
  postgres = await startAgain();
  const databaseUrl = postgres.urlOf('audit_log');
  await ensureDatabase(databaseUrl);
  await applyMigrations({ url: databaseUrl, directory: migrations });
  station = await startStation({ databaseUrl });
  const destination = { write: (line: string) => void errorLines.push(line) };
  auditLog = await station.startReplica(
    {},
    createLogger({ service: 'audit-log', replicaId: 'one', level: 'error', pretty: false, destination }),
  );
}, 120_000);

afterAll(async () => {
  await station.close();
  await postgres.stop();
  await folder.remove();
});

/** To all streams in turn. */
async function publishMany(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await station.broker.publish(message(oneSubjectPerStream[index % oneSubjectPerStream.length] ?? ''));
  }
  published += count;
}

async function expectAllRecorded(): Promise<void> {
  const log = await readLog(station.databaseUrl);
  try {
    await until(`there are ${published} entries`, async () => (await log.count()) >= published, 40_000);
    const rows = await log.rows();
    expect(rows).toHaveLength(published);
    expect(isGapFree(rows)).toBe(true);
  } finally {
    await log.close();
  }
}

const readiness = () => getJson(`${auditLog.address}/health/ready`);

test('A8 Postgres is killed: messages wait in their streams, reads are 503, and all is recorded when it is back', async () => {
  await publishMany(10);
  await expectAllRecorded();
  await postgres.kill();
  await publishMany(200);
  const answer = await get(auditLog, '/entries/');
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('2');
  expect(answer.body).toMatchObject({ code: 'database-unavailable' });
  expect((await get(auditLog, '/entries/1/')).status).toBe(503);
  await until('readiness says so', async () => {
    const { body } = await readiness();
    return JSON.stringify(body).includes('events/audit-log');
  });
  const health = await readiness();
  expect(health.status).toBe(503);
  expect(health.body).toMatchObject({ checks: { database: { state: 'down' }, consumption: { state: 'degraded' } } });
  expect(JSON.stringify(health.body)).not.toContain('127.0.0.1');
  expect(errorLines.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({
      msg: 'batch not recorded',
      err: expect.objectContaining({ message: expect.stringContaining('the database does not answer') }),
    }),
  );
  postgres = await startAgain();
  await expectAllRecorded();
  await until('it is ready again', async () => (await readiness()).status === 200, 20_000);
});

test('A8 Postgres stands still, then goes on: nothing is lost and nothing is twice', async () => {
  postgres.pause();
  try {
    await publishMany(100);
    expect((await get(auditLog, '/entries/')).status).toBe(503);
  } finally {
    postgres.resume();
  }
  await expectAllRecorded();
});

test('A8 nats-server is away: what is recorded can be read, readiness says so, and recording goes on', async () => {
  const bringBack = await station.broker.kill();
  await until('readiness says so', async () => {
    const { body } = await readiness();
    return JSON.stringify(body).includes('nats-server is away');
  });
  expect((await get(auditLog, '/entries/1/')).status).toBe(200);
  expect((await get(auditLog, '/entries/?subject=resource.>')).status).toBe(200);
  const away = await readiness();
  expect(away.status).toBe(200);
  expect(away.body).toMatchObject({ checks: { broker: { state: 'degraded' }, consumption: { state: 'degraded' } } });
  expect(JSON.stringify(away.body)).not.toContain('127.0.0.1');
  await bringBack();
  await publishMany(50);
  await expectAllRecorded();
});

test('A8 the audit log starts while everything it needs is away, and works when it comes', async () => {
  await auditLog.stop();
  await publishMany(10);
  await postgres.stop();
  const bringBack = await station.broker.kill();
  auditLog = await station.startReplica();
  expect((await get(auditLog, '/entries/')).status).toBe(503);
  postgres = await startAgain();
  await bringBack();
  await publishMany(10);
  await expectAllRecorded();
});
