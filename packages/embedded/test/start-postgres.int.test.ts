// What startPostgres promises, against the real server. Numbers are those of the README.
import { beforeAll, expect, test } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { Client } from 'pg';
import { eventually } from '../src/eventually.ts';
import { freePort } from '../src/free-port.ts';
import { childrenOf, isAlive } from '../src/process-life.ts';
import type { PostgresOptions } from '../src/start-postgres.ts';
import { ask } from './ask.ts';
import { stoppedAfterEach } from './started-servers.ts';
import { temporaryFolders } from './temporary-folders.ts';

const { startPostgres } = stoppedAfterEach();
const makeFolder = temporaryFolders();
const QUICK: PostgresOptions = { inMemory: true, durable: false };
// To make a data folder takes half a second; a test that does not care how old its folder is uses this one.
let used: PostgresOptions & { readonly dataDirectory: string };
beforeAll(async () => {
  used = { dataDirectory: await makeFolder(), durable: false };
});

test('E5 a started server answers at once, in a database of any name', async () => {
  const server = await startPostgres(used);
  expect(server.url).toBe(`postgres://postgres@127.0.0.1:${server.port}/postgres`);
  await ask(server.url, 'CREATE DATABASE "größe 1"');
  expect(await ask(server.urlOf('größe 1'), 'SELECT current_database() AS name')).toEqual([{ name: 'größe 1' }]);
});

test('E4 the database is for this machine only, speaks Unicode alike everywhere, and checks its pages', async () => {
  const server = await startPostgres({ ...used, maxConnections: 17 });
  const [collation] = await ask(server.url, `SELECT lower('ÄÖ') AS lower, 'Z' < 'a' AS bytewise`);
  expect(collation).toEqual({ lower: 'äö', bytewise: true });
  const rows = await ask(server.url, 'SELECT name, setting FROM pg_settings');
  expect(Object.fromEntries(rows.map(({ name, setting }) => [String(name), setting]))).toMatchObject({
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '17',
    server_encoding: 'UTF8',
    TimeZone: 'UTC',
    data_checksums: 'on',
  });
});

test('E3 the server syncs before it acknowledges, unless told otherwise', async () => {
  const settings = `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit`;
  const [durable, quick] = await Promise.all([startPostgres(), startPostgres(QUICK)]);
  expect(await ask(durable.url, settings)).toEqual([{ fsync: 'on', commit: 'on' }]);
  expect(await ask(quick.url, settings)).toEqual([{ fsync: 'off', commit: 'off' }]);
});

test.each(['stop', 'kill'] as const)(
  'E3 rows are there after %s and a start with the same folder and port',
  async (end) => {
    const dataDirectory = await makeFolder();
    const first = await startPostgres({ dataDirectory });
    await ask(first.url, `CREATE TABLE kept AS SELECT 'row' AS value`);
    await first[end]();
    const second = await startPostgres({ dataDirectory, port: first.port });
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'SELECT value FROM kept')).toEqual([{ value: 'row' }]);
  },
);

test('E3 a start right after only the parent process was killed waits for its children', async () => {
  const dataDirectory = await makeFolder();
  const first = await startPostgres({ dataDirectory });
  const client = await connectCarelessly(first.url);
  const busy = outcomeOf(client.query('SELECT pg_sleep(0.5)'));
  process.kill(first.pid, 'SIGKILL');
  await first.exited;
  const second = await startPostgres({ dataDirectory, port: first.port });
  expect(await ask(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await busy;
  await client.end();
});

test('kill ends the children too: no commit comes after it', async () => {
  const server = await startPostgres(used);
  const client = await connectCarelessly(server.url);
  const cut = outcomeOf(client.query('SELECT pg_sleep(60)'));
  const children = childrenOf(server.pid);
  expect(children.length).toBeGreaterThan(0);
  await server.kill();
  expect(children.filter(isAlive)).toEqual([]);
  expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' });
  expect(await cut).toBe('rejected');
});

test('E6 stop removes the temporary folder, whatever is connected', async () => {
  const folders = (): readonly string[] =>
    ['/tmp', '/dev/shm']
      .filter((folder) => existsSync(folder))
      .flatMap((folder) => readdirSync(folder))
      .filter((name) => name.startsWith('longwave-postgres.') && name.includes(`.${process.pid}.`));
  // Jest's own Postgres may be of this process, too.
  const before = folders();
  const server = await startPostgres(QUICK);
  expect(folders()).toHaveLength(before.length + 1);
  const client = await connectCarelessly(server.url);
  const cut = outcomeOf(client.query('SELECT pg_sleep(60)'));
  await server.stop();
  expect(folders()).toEqual(before);
  expect(await server.exited).toEqual({ code: 0, signal: null });
  expect(await cut).toBe('rejected');
});

test('E6 stop and kill may be called often, at once and late', async () => {
  const server = await startPostgres(used);
  await Promise.all([server.stop(), server.stop(), server.kill(), server.stop()]);
  await server.kill();
  await server.stop();
  expect(await server.exited).toBeDefined();
});

test('a paused server answers nobody, a resumed one goes on, and a paused one can be stopped', async () => {
  const server = await startPostgres(used);
  const client = await connectCarelessly(server.url);
  server.pause();
  const answer = client.query('SELECT 1 AS one');
  let answered = false;
  void answer.then(() => (answered = true));
  expect(await eventually(() => answered || undefined, 300)).toBeUndefined();
  server.resume();
  expect((await answer).rows).toEqual([{ one: 1 }]);
  await client.end();
  server.pause();
  await server.stop();
  expect(await server.exited).toEqual({ code: 0, signal: null });
});

test('E8 a taken port is named', async () => {
  const port = await freePort();
  const squatter = createServer().listen(port, '127.0.0.1');
  await expect(startPostgres({ ...used, port })).rejects.toMatchObject({
    code: 'port-taken',
    message: expect.stringContaining(`127.0.0.1:${port}`),
  });
  squatter.close();
  expect((await startPostgres({ ...used, port })).port).toBe(port);
});

test('E2 a second server on the same folder is refused, and the first does not notice', async () => {
  const first = await startPostgres(used);
  const error = { code: 'already-running', message: expect.stringContaining(`process ${first.pid}`) };
  await expect(startPostgres(used)).rejects.toMatchObject(error);
  expect(await ask(first.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('E2 of several starts at once on a new folder one wins', async () => {
  const dataDirectory = await makeFolder();
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => startPostgres({ dataDirectory, durable: false })));
  const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  expect(started).toHaveLength(1);
});

/** A client whose connection may be cut without that being an uncaught error. */
async function connectCarelessly(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Listens from now on, so that an early rejection is nobody's uncaught error. */
async function outcomeOf(work: Promise<unknown>): Promise<'fulfilled' | 'rejected'> {
  const [outcome] = await Promise.allSettled([work]);
  return outcome.status;
}
