// Questions that read much, asked by many at once.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getJson, until } from '@longwave/embedded/testing';
import type { RunningService } from '@longwave/runtime';
import { readLog, type LogContent } from './support/log-content.ts';
import { message } from './support/messages.ts';
import { get, startStation, type Station } from './support/station.ts';

let station: Station;
let auditLog: RunningService;
let log: LogContent;

const manyEntries = `
  INSERT INTO entry
  SELECT n, 'made-' || n, 'made.by.the.test.' || n, NULL, NULL, NULL, 'c', NULL, NULL, now(), now(), 'events', 1, n, '{}', ''
    FROM generate_series(1, 150000) AS n`;

beforeAll(async () => {
  station = await startStation();
  log = await readLog(station.databaseUrl);
  await log.client.query(manyEntries);
  auditLog = await station.startReplica();
});

afterAll(async () => {
  await log.close();
  await station.close();
});

test('A10 questions that read the whole log do not hold up the record, or its health', async () => {
  let unanswered = 120;
  const questions = Array.from({ length: unanswered }, async () => {
    // Nothing matches, and no index can know.
    await get(auditLog, '/entries/?subject=*.by.nobody.%3E');
    unanswered -= 1;
  });
  await station.broker.publish(message('resource.a.b.1.created'));
  await until('it is recorded', async () => (await log.count()) === 150_001);
  expect((await getJson(`${auditLog.address}/health/ready`)).status).toBe(200);
  expect(unanswered).toBeGreaterThan(0);
  await Promise.all(questions);
});
