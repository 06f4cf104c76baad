// What tests of the services rely on: a migrated database of their own, quickly, whoever else is making one.
import { expect, test } from '@jest/globals';

import { createTestDatabase, testServerUrl } from '../src/testing/index.ts';
import { query, serverUrl } from './support/empty-database.ts';
import { makePrismaFolder, station } from './support/migrations-folder.ts';

const directory = `${station}migrations`;

test('clones are migrated, and what one test writes no other sees', async () => {
  const [one, two] = await Promise.all([
    createTestDatabase({ serverUrl, directory }),
    createTestDatabase({ serverUrl, directory }),
  ]);
  await query(one.url, `INSERT INTO show (name) VALUES ('News')`);
  expect(await query(one.url, 'SELECT name, kind FROM show')).toEqual([{ name: 'News', kind: 'live' }]);
  expect(await query(two.url, 'SELECT name FROM show')).toEqual([]);
  await Promise.all([one.drop(), two.drop()]);
});

test('eight that race for a template that is not there make it once', async () => {
  const folder = await makePrismaFolder();
  await folder.write('20260101000000_first', `CREATE TABLE once AS SELECT gen_random_uuid() AS id;`);
  const databases = await Promise.all(
    Array.from({ length: 8 }, () => createTestDatabase({ serverUrl, directory: folder.directory })),
  );
  const ids = await Promise.all(databases.map(async ({ url }) => (await query(url, 'SELECT id FROM once'))[0]?.['id']));
  expect(new Set(ids).size).toBe(1);
  await Promise.all([...databases.map((database) => database.drop()), folder.remove()]);
});

test('other migrations have another template', async () => {
  const folder = await makePrismaFolder('station');
  await folder.write('20261120000000_more', 'CREATE TABLE more (id int);');
  const database = await createTestDatabase({ serverUrl, directory: folder.directory });
  expect(await query(database.url, 'SELECT id FROM more')).toEqual([]);
  await Promise.all([database.drop(), folder.remove()]);
});

test('migrations that fail leave no template, and the corrected ones work', async () => {
  const folder = await makePrismaFolder();
  await folder.write('20260101000000_first', 'SELECT broken;');
  const options = { serverUrl, directory: folder.directory };
  await expect(createTestDatabase(options)).rejects.toMatchObject({ code: 'sql-failed' });
  await expect(createTestDatabase(options)).rejects.toMatchObject({ code: 'sql-failed' });
  await folder.write('20260101000000_first', 'SELECT 1;');
  const database = await createTestDatabase(options);
  await Promise.all([database.drop(), folder.remove()]);
});

test('drop cuts what is still connected, and may be called again', async () => {
  const database = await createTestDatabase({ serverUrl, directory });
  const sleeping = query(database.url, 'SELECT pg_sleep(60)').catch((error: unknown) => error);
  await database.drop();
  await database.drop();
  expect(await sleeping).toBeInstanceOf(Error);
});

test('a missing server is told in a sentence that helps', () => {
  expect(() => testServerUrl({})).toThrow('LONGWAVE_TEST_POSTGRES_URL is not set');
  expect(testServerUrl({ LONGWAVE_TEST_POSTGRES_URL: 'postgres://x' })).toBe('postgres://x');
});
