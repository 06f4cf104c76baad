// The record only grows: what the database itself refuses, and how little the service needs.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Client } from 'pg';
import { createTestDatabase, testServerUrl, type TestDatabase } from '@longwave/database/testing';
import type { StoredMessage } from '@longwave/messaging/contract';
import { createLogger } from '@longwave/runtime';
import { entryOf } from '../src/domain/entry.ts';
import { openDatabase, type Database } from '../src/store/open-database.ts';
import { isGapFree, readLog, type LogContent } from './support/log-content.ts';
import { migrations } from './support/station.ts';

let own: TestDatabase;
let superuser: LogContent;
let database: Database;
let roleName: string;

const logger = createLogger({ service: 'audit-log', replicaId: 'test', level: 'silent', pretty: false });

beforeAll(async () => {
  own = await createTestDatabase({ serverUrl: testServerUrl(process.env), directory: migrations });
  superuser = await readLog(own.url);
  // Roles belong to the server, which other tests share: a name of its own.
  roleName = `audit_writer_${process.pid}_${Math.trunc(performance.now())}`;
  await superuser.client.query(`CREATE ROLE ${roleName} LOGIN; GRANT SELECT, INSERT ON entry TO ${roleName}`);
  const url = new URL(own.url);
  url.username = roleName;
  database = openDatabase(url.href, { logger });
});

afterAll(async () => {
  await database.close();
  await superuser.client.query(`DROP OWNED BY ${roleName}; DROP ROLE ${roleName}`);
  await superuser.close();
  await own.drop();
});

let position = 0;

function stored(change: Partial<StoredMessage> = {}): StoredMessage {
  position += 1;
  const payload = new TextEncoder().encode('{}');
  return {
    stream: 'events',
    epoch: 1,
    sequence: position,
    storedAt: new Date(),
    subject: 'a.b',
    headers: {},
    payload,
    ...change,
  };
}

test('A4 the service needs no right but to insert and to select', async () => {
  expect(await database.entries.record([entryOf(stored()), entryOf(stored())])).toEqual({ count: 2, impostors: [] });
  expect(await database.entries.find(1)).toMatchObject({ sequence: 1, messageId: 'events:1:1' });
  expect((await database.entries.page({ order: 'asc' }, { after: undefined, limit: 10 })).entries).toHaveLength(2);
});

test.each([
  `UPDATE entry SET payload = 'x' WHERE sequence = 1`,
  `UPDATE entry SET payload = 'x' WHERE false`,
  'DELETE FROM entry WHERE sequence = 1',
  'TRUNCATE entry',
  `INSERT INTO entry SELECT * FROM entry WHERE sequence = 1 ON CONFLICT (sequence) DO UPDATE SET subject = 'x'`,
  `MERGE INTO entry USING (SELECT 1) AS one ON sequence = 1 WHEN MATCHED THEN DELETE`,
])('A4 nobody changes an entry, not even a superuser: %s', async (statement) => {
  const before = await superuser.rows();
  await expect(superuser.client.query(statement)).rejects.toThrow('never changed or removed');
  // What switches ordinary triggers off.
  const unguarded = new Client({ connectionString: own.url, options: '-c session_replication_role=replica' });
  await unguarded.connect();
  await expect(unguarded.query(statement)).rejects.toThrow('never changed or removed');
  await unguarded.end();
  expect(await superuser.rows()).toEqual(before);
});

test('A2 a transaction that is rolled back leaves no gap', async () => {
  // A time that Postgres cannot read makes the whole statement fail.
  const broken = { ...entryOf(stored()), receivedAt: { toISOString: () => 'never' } as unknown as Date };
  await expect(database.entries.record([entryOf(stored()), broken])).rejects.toThrow('invalid input syntax');
  expect(await database.entries.record([entryOf(stored())])).toMatchObject({ count: 1 });
  expect(isGapFree(await superuser.rows())).toBe(true);
});

test('A2 many writers at once give each number once', async () => {
  const before = await superuser.count();
  const batches = Array.from({ length: 40 }, () => Array.from({ length: 25 }, () => entryOf(stored())));
  await Promise.all([...batches, ...batches].map((batch) => database.entries.record(batch)));
  const rows = await superuser.rows();
  expect(rows).toHaveLength(before + 1_000);
  expect(isGapFree(rows)).toBe(true);
});

test('A5 nothing that a message can consist of is refused by the database', async () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('\u0000', '\uD800', '%', '{', '"', ',', '\\', '…', '\r', 'x', '👋') }),
    fc.string({ minLength: 600, maxLength: 3_000 }),
  );
  const names = fc.oneof(
    fc.constantFrom(
      'ce-id',
      'CE-ID',
      'ce-type',
      'ce-source',
      'ce-actor',
      'ce-time',
      'ce-correlationid',
      'ce-causationid',
    ),
    anyText,
  );
  const anyTime = fc.oneof(
    anyText,
    fc.date().map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  );
  const headers = fc.dictionary(names, fc.oneof(anyText, anyTime), { maxKeys: 8 });
  const batch = fc.array(fc.record({ subject: anyText, headers, payload: fc.uint8Array({ maxLength: 200 }) }), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(batch, async (messages) => {
      const entries = messages.map((message) => entryOf(stored(message)));
      const { count } = await database.entries.record(entries);
      expect(count).toBeGreaterThanOrEqual(0);
      for (const { messageId } of entries) {
        const { rowCount } = await superuser.client.query('SELECT FROM entry WHERE message_id = $1', [messageId]);
        expect(rowCount).toBe(1);
      }
    }),
    { numRuns: 150, verbose: 1 },
  );
  expect(isGapFree(await superuser.rows())).toBe(true);
}, 120_000);
