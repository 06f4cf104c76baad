// Making migrations and the drift gate (M5): what one finds the other must be able to mend.
import { readFile } from 'node:fs/promises';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';

import { checkDrift, makeMigration } from '../src/index.ts';
import { query, serverUrl } from './support/empty-database.ts';
import { makePrismaFolder, type PrismaFolder, station } from './support/migrations-folder.ts';

let folder: PrismaFolder;
let schema: string;

beforeEach(async () => {
  folder = await makePrismaFolder('station');
  schema = await readFile(folder.schemaFile, 'utf8');
});

afterEach(() => folder.remove());

const clock = () => new Date('2026-11-20T12:34:56Z');
const make = (name: string) => makeMigration({ ...folder, name, url: serverUrl, clock });
const drift = async () => (await checkDrift({ ...folder, serverUrl })).drift;

/** Replaces a line of the schema. Throws when it is not there, so that no test compares a schema with itself. */
async function edit(from: string | RegExp, to: string): Promise<void> {
  const edited = schema.replace(from, to);
  if (edited === schema) throw new Error(`the fixture has no ${from}`);
  schema = edited;
  await folder.writeSchema(schema);
}

/** What, the edit to the schema, and what the gate says of it. */
const changes = [
  ['a column more', /(?= +plays )/, '  slug String?\n', 'column show.slug is only in schema.prisma'],
  ['a column less', /.* logo .*\n/, '', 'column show.logo is only in the migrations'],
  ['another default', '@default(0)', '@default(7)', 'column show.plays is "bigint NOT NULL DEFAULT 0"'],
  ['another type', 'BigInt ', 'Int ', 'column show.plays is'],
  ['another precision', /Timestamptz\(3\)/, 'Timestamptz(6)', 'timestamp(3) with time zone'],
  ['null allowed', /name( +)String /, 'name$1String?', 'column show.name is "text NOT NULL"'],
  ['another index', '[start, end]', '[end]', 'index timeslot_end_idx is only in schema.prisma'],
  ['another foreign key', 'Cascade', 'Restrict', 'constraint timeslot.timeslot_show_id_fkey is'],
  ['an enum label more', '  recorded\n', '  recorded\n  archived\n', 'type show_kind is "enum live, recorded"'],
  ['a table more', /$/, 'model Jingle {\n  id Int @id\n}\n', 'table "Jingle" is only in schema.prisma'],
] as const;

/** The same, for what is another change to the same place. */
const others = [
  ['an index less', /.*@@index.*\n/, '', 'index timeslot_start_end_idx is only in the migrations'],
  ['no default', '@default(0)', '', 'column show.plays is "bigint NOT NULL DEFAULT 0"'],
  ['a label between', '  recorded\n', '  archived\n  recorded\n', 'type show_kind is "enum live, recorded"'],
] as const;

describe('M5 migrations and schema.prisma lead to the same database', () => {
  test('the example service has no drift', async () => {
    expect(await drift()).toEqual([]);
    expect(await make('nothing')).toBe('nothing to do');
  });

  test.each([...changes, ...others])('%s is found', async (_what, from, to, report) => {
    await edit(from, to);
    expect((await drift()).join('\n')).toContain(report);
  });

  test.each([
    ['changes', changes],
    ['others', others],
  ])('the migration that is made for all %s mends them', async (_what, edits) => {
    for (const [, from, to] of edits) await edit(from, to);
    expect(await make('mend it')).toEqual({ file: `${folder.directory}/20261120123456_mend_it/migration.sql` });
    expect(await drift()).toEqual([]);
  });

  test('a table that is missing is one line, not one for each column', async () => {
    await edit(/$/, 'model Jingle {\n  id Int @id @default(autoincrement())\n  name String @unique\n}\n');
    expect(await drift()).toHaveLength(1);
  });
});

describe('what Prisma cannot express', () => {
  const extras = [
    ['constraint show.name_given', `ALTER TABLE show ADD CONSTRAINT name_given CHECK (name <> '')`],
    ['index show_active', `CREATE INDEX show_active ON show (name) WHERE plays > 0`],
    ['index show_covering', `CREATE INDEX show_covering ON show (plays) INCLUDE (name)`],
    ['column show.length', `ALTER TABLE show ADD COLUMN length int GENERATED ALWAYS AS (length(name)) STORED`],
    ['constraint show.only_one', `ALTER TABLE show ADD CONSTRAINT only_one UNIQUE NULLS NOT DISTINCT (logo)`],
    ['function note(integer,text)', `CREATE FUNCTION note(n int, t text) RETURNS text LANGUAGE sql AS $$ SELECT t; $$`],
    [
      'trigger timeslot.touch',
      `CREATE TRIGGER touch BEFORE UPDATE ON timeslot FOR EACH ROW EXECUTE FUNCTION touch_show()`,
    ],
    [
      'table outbox',
      `CREATE TABLE outbox (id bigserial PRIMARY KEY, subject text UNIQUE CHECK (subject <> ''), kind show_kind)`,
    ],
    ['view live_show', `CREATE VIEW live_show AS SELECT name FROM show WHERE kind = 'live'`],
    ['type percent', `CREATE DOMAIN percent AS int CHECK (VALUE BETWEEN 0 AND 100)`],
    ['sequence counter', `CREATE SEQUENCE counter`],
    ['grants show', `REVOKE UPDATE ON show FROM postgres`],
    ['policy show.everybody', `CREATE POLICY everybody ON show USING (true)`],
    ['extension pg_trgm', `CREATE EXTENSION pg_trgm`],
  ] as const;

  test('is drift, one line for each object, until schema.prisma declares it, and make never drops it', async () => {
    await folder.write('20261110000000_extra', extras.map(([, sql]) => `${sql};`).join('\n'));
    const lines = await drift();
    expect(lines.map((line) => line.slice(line.lastIndexOf(': ') + 2)).toSorted()).toEqual(
      extras.map(([object]) => object).toSorted(),
    );
    const declarations = extras.map(([object]) => `// only in the migrations: ${object}`);
    await edit(/^model Timeslot/m, `${declarations.join('\n')}\nmodel Timeslot`);
    expect(await drift()).toEqual([]);
    expect(await make('nothing')).toBe('nothing to do');
  });

  test('may also be a property of something that Prisma knows', async () => {
    await folder.write(
      '20261110000000_extra',
      `ALTER TABLE show ENABLE ROW LEVEL SECURITY;
       ALTER TABLE show ALTER COLUMN name TYPE text COLLATE "C";
       GRANT SELECT (name) ON show TO PUBLIC;
       GRANT CREATE ON SCHEMA public TO PUBLIC;`,
    );
    const lines = await drift();
    const objects = lines.map((line) => line.slice(line.lastIndexOf(': ') + 2));
    expect(objects.toSorted()).toEqual(['column show.name', 'grants schema public', 'grants show.name', 'table show']);
    await edit(
      /^model Timeslot/m,
      `${lines.map((line) => line.slice(line.indexOf('// only'))).join('\n')}\nmodel Timeslot`,
    );
    expect(await drift()).toEqual([]);
    expect(await make('nothing')).toBe('nothing to do');
  });

  test('a declaration that is no longer true is drift', async () => {
    await edit('trigger show.show_touched', 'trigger show.gone');
    expect((await drift()).join('\n')).toContain(
      'declares "trigger show.gone" as only in the migrations, but it is not',
    );
  });

  test('a default that a migration changed behind the back of the schema is drift', async () => {
    await folder.write('20261110000000_extra', 'ALTER TABLE show ALTER COLUMN plays SET DEFAULT 5;');
    expect(await drift()).toEqual([expect.stringContaining('column show.plays')]);
  });
});

describe('making', () => {
  test('the first migration of a service is made from nothing, with the lock file Prisma wants', async () => {
    const fresh = await makePrismaFolder();
    await fresh.writeSchema(await readFile(`${station}schema.prisma`, 'utf8'));
    await makeMigration({ ...fresh, name: 'First!', url: serverUrl, clock });
    const made = await readFile(`${fresh.directory}/20261120123456_first/migration.sql`, 'utf8');
    expect(made).toBe(await readFile(`${station}migrations/20261102090000_first/migration.sql`, 'utf8'));
    const lock = await readFile(`${fresh.directory}/migration_lock.toml`, 'utf8');
    expect(lock).toBe(await readFile(`${station}migrations/migration_lock.toml`, 'utf8'));
    await fresh.remove();
  });

  test('a migration that would not be the last is refused', async () => {
    await edit('@default(0)', '@default(7)');
    const early = makeMigration({ ...folder, name: 'early', url: serverUrl, clock: () => new Date('2026-01-01') });
    await expect(early).rejects.toMatchObject({ code: 'out-of-order' });
  });

  test('a name without a letter or digit is refused', async () => {
    await expect(make('--')).rejects.toMatchObject({ code: 'invalid-files' });
  });

  test('an error in the schema is told in the words of Prisma', async () => {
    await edit('BigInt ', 'BigInteger ');
    await expect(make('wrong')).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringContaining('Type "BigInteger" is neither a built-in type'),
    });
  });

  test('no scratch database stays behind after a failure', async () => {
    await folder.write('20261110000000_wrong', 'SELECT broken;');
    await expect(drift()).rejects.toMatchObject({ code: 'sql-failed' });
    const scratch = async () =>
      (await query(serverUrl, `SELECT datname FROM pg_database WHERE datname LIKE 'scratch_%'`)).map(
        ({ datname }) => datname,
      );
    // Other test files have some at this moment; theirs go.
    const seen = await scratch();
    await until('they are gone', async () => {
      const left = await scratch();
      return !seen.some((name) => left.includes(name));
    });
  });
});
