// `npm run migration -- …` as a person uses it, on a repository of two services.
import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { findServices, withDatabaseName } from '../src/index.ts';
import { type CommandContext, runMigrationCommand } from '../src/migration-command.ts';
import type { TestDatabase } from '../src/testing/index.ts';
import { createEmptyDatabase, query, serverUrl } from './support/empty-database.ts';
import { station } from './support/migrations-folder.ts';

let root: string;
let database: TestDatabase;
let printed: string[];

beforeEach(async () => {
  printed = [];
  database = await createEmptyDatabase();
  root = await mkdtemp(join(tmpdir(), 'longwave-repository-'));
  await mkdir(join(root, 'apps', 'no-database'), { recursive: true });
  for (const name of ['radio-show', 'station'])
    await cp(station, join(root, 'apps', name, 'prisma'), { recursive: true });
});

afterEach(async () => {
  await Promise.all([database.drop(), rm(root, { recursive: true })]);
});

async function run(args: string, context: Partial<CommandContext> = {}): Promise<number> {
  return runMigrationCommand(args.split(' '), {
    services: await findServices(root),
    databaseUrl: database.url,
    startServer: () => Promise.reject(new Error('no server is needed')),
    clock: () => new Date('2026-11-20T12:34:56Z'),
    print: (line) => printed.push(line),
    ...context,
  });
}

const schemaFile = () => join(root, 'apps/station/prisma/schema.prisma');

async function addColumn(): Promise<void> {
  const schema = await readFile(schemaFile(), 'utf8');
  await writeFile(schemaFile(), schema.replace(/(?= +plays )/u, '  slug String?\n'));
}

test('services are the folders with a schema, and the database is named after the folder', async () => {
  const services = await findServices(root);
  expect(services.map(({ name, databaseName }) => [name, databaseName])).toEqual([
    ['radio-show', 'radio_show'],
    ['station', 'station'],
  ]);
});

describe('make', () => {
  test('writes the migration and says that nothing drifts any more', async () => {
    await addColumn();
    expect(await run('make station add slug')).toBe(0);
    const file = join(root, 'apps/station/prisma/migrations/20261120123456_add_slug/migration.sql');
    expect(printed).toEqual([`station: wrote ${file}; read it before you commit it`, 'station: no drift']);
    expect(await readFile(file, 'utf8')).toContain('ADD COLUMN     "slug" TEXT');
  });

  test('starts a server when none is named, and stops it whatever happens', async () => {
    let stops = 0;
    const startServer = async () => ({ url: serverUrl, stop: async () => void (stops += 1) });
    expect(await run('make station nothing', { databaseUrl: undefined, startServer })).toBe(0);
    expect(printed[0]).toBe('station: the migrations lead to schema.prisma already');
    await writeFile(schemaFile(), 'nonsense');
    await expect(run('make station x', { databaseUrl: undefined, startServer })).rejects.toThrow('schema engine');
    expect(stops).toBe(2);
  });
});

describe('apply and status', () => {
  test('status names what is pending and is not well, apply applies it, then all is well', async () => {
    expect(await run('status station')).toBe(1);
    expect(printed).toContain('station: pending 20261102090000_first');
    expect(await run('apply station')).toBe(0);
    expect(printed.at(-1)).toBe('station: all 2 migrations are applied');
    expect(await run('status station')).toBe(0);
  });

  test('all services get databases of their own, made when they are missing', async () => {
    // A name that nobody else has: this test makes and drops the database of that name.
    const service = `throw-away-${randomBytes(4).toString('hex')}`;
    const own = service.replaceAll('-', '_');
    for (const name of ['radio-show', 'station']) await rm(join(root, 'apps', name), { recursive: true });
    await cp(station, join(root, 'apps', service, 'prisma'), { recursive: true });
    expect(await run('apply all')).toBe(0);
    expect(printed[0]).toBe(`${service}: created ${own}`);
    const rows = await query(withDatabaseName(database.url, own), 'SELECT count(*)::int AS n FROM _prisma_migrations');
    expect(rows).toEqual([{ n: 2 }]);
    expect(await run('status')).toBe(0);
    await query(serverUrl, `DROP DATABASE ${own} WITH (FORCE)`);
  });
});

describe('drift', () => {
  test('looks at every service, also after one that is broken', async () => {
    await writeFile(join(root, 'apps/radio-show/prisma/migrations/20261102090000_first/migration.sql'), 'broken;');
    await addColumn();
    expect(await run('drift')).toBe(1);
    expect(printed[0]).toContain('radio-show: 20261102090000_first/migration.sql:1: syntax error');
    expect(printed[1]).toContain('station: column show.slug is only in schema.prisma');
  });

  test('says that there is none', async () => {
    expect(await run('drift station')).toBe(0);
    expect(printed).toEqual(['station: no drift']);
  });
});

describe('wrong arguments', () => {
  test.each([
    ['delete station', 'there is no "delete"'],
    ['make nowhere x', 'there is no service "nowhere" with a schema; there are: radio-show, station'],
    ['make station', 'needs a name'],
    ['apply', 'needs the name of a service'],
    ['apply --force station', '--force'],
  ])('%s is answered with what is right', async (args, message) => {
    await expect(run(args)).rejects.toMatchObject({ name: 'UsageError', message: expect.stringContaining(message) });
  });

  test('a missing DATABASE_URL is named', async () => {
    await expect(run('apply station', { databaseUrl: undefined })).rejects.toThrow('set DATABASE_URL');
  });

  test('--help teaches', async () => {
    expect(await run('--help')).toBe(0);
    expect(printed.join('\n')).toContain('How a schema changes');
  });
});
