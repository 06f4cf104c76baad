// The SQL of a subject filter selects exactly what `filterMatches` lets through, and an index serves it.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Client } from 'pg';
import { createTestDatabase, testServerUrl, type TestDatabase } from '@longwave/database/testing';
import { filterMatches, parseFilter } from '@longwave/messaging/contract';
import { createLogger } from '@longwave/runtime';
import { entryOf } from '../src/domain/entry.ts';
import { openDatabase, type Database } from '../src/store/open-database.ts';
import { migrations } from './support/station.ts';

let own: TestDatabase;
let database: Database;

beforeAll(async () => {
  own = await createTestDatabase({ serverUrl: testServerUrl(process.env), directory: migrations });
  const logger = createLogger({ service: 'audit-log', replicaId: 'test', level: 'silent', pretty: false });
  database = openDatabase(own.url, { logger });
});

afterAll(async () => {
  await database.close();
  await own.drop();
});

/** Few, so that filters and subjects meet; among them all that is special in a regular expression or near a dot. */
const token = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'ab',
    'A',
    '1%2E0',
    '-',
    '_',
    '/',
    '+',
    '$',
    '^',
    '(',
    ')',
    '[',
    ']',
    '{1}',
    '|',
    '?',
    '\\',
    '\\d',
    "'",
    '"',
    '~',
    '!',
  ),
  fc.string({ unit: fc.constantFrom('a', 'b', '$', '\\'), minLength: 1, maxLength: 3 }),
);
/** Subjects are others' too: with empty tokens, line breaks and characters beyond ASCII. */
const subject = fc
  .array(fc.oneof({ weight: 8, arbitrary: token }, fc.constantFrom('', 'ü', '👋', 'a\nb', '␀', '*', '>')), {
    minLength: 1,
    maxLength: 5,
  })
  .map((tokens) => tokens.join('.'));
const filter = fc
  .tuple(
    fc.array(fc.oneof({ weight: 2, arbitrary: token }, fc.constant('*')), { maxLength: 4 }),
    fc.constantFrom('', '>'),
  )
  .map(([tokens, end]) => [...tokens, ...(end === '' ? [] : [end])].join('.'))
  .filter((text) => text !== '');

test('A6 what the database finds is what the filter lets through', async () => {
  const subjects = fc.sample(subject, { numRuns: 2_000, seed: 20_261_121 });
  const entries = subjects.map((text, index) =>
    entryOf({
      stream: 'events',
      epoch: 1,
      sequence: index + 1,
      storedAt: new Date(),
      subject: text,
      headers: {},
      payload: new Uint8Array(),
    }),
  );
  await database.entries.record(entries);
  await fc.assert(
    fc.asyncProperty(filter, async (text) => {
      const parsed = parseFilter(text);
      const expected = subjects.flatMap((one, index) => (filterMatches(parsed, one) ? [index + 1] : []));
      const { entries: found } = await database.entries.page(
        { subject: parsed, order: 'asc' },
        { after: undefined, limit: 2_000 },
      );
      expect(found.map(({ sequence }) => sequence)).toEqual(expected);
    }),
    { numRuns: 400, verbose: 1 },
  );
}, 120_000);

test('A6 subjects longer than any index takes are found by what they begin with', async () => {
  const long = `long.${'x'.repeat(3_000)}.end`;
  const wide = `long.${'ü'.repeat(1_000)}.end`;
  const stored = { stream: 'events', epoch: 2, storedAt: new Date(), headers: {}, payload: new Uint8Array() };
  await database.entries.record(
    [long, wide].map((text, index) => entryOf({ ...stored, subject: text, sequence: index + 1 })),
  );
  for (const text of ['long.>', 'long.*.end', '*.*.end']) {
    const { entries } = await database.entries.page(
      { subject: parseFilter(text), order: 'asc' },
      { after: undefined, limit: 10 },
    );
    expect(entries.map((entry) => entry.subject)).toEqual([long, wide]);
  }
});

test('A6 a filter that begins with literal tokens is served by an index', async () => {
  const client = new Client({ connectionString: own.url });
  await client.connect();
  await client.query('ANALYZE entry; SET enable_seqscan = off');
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN SELECT * FROM entry WHERE left(subject, 256) COLLATE "C" >= 'a.b.' AND left(subject, 256) COLLATE "C" < 'a.b/'`,
  );
  await client.end();
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('entry_subject_idx');
});
