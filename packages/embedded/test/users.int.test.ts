// E7: ordinary users and root, in open and closed folders. Most of it can only be tried as root.
import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chown, cp, readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findPostgres } from '../src/find-binary.ts';
import { ask, publishMessage } from './ask.ts';
import { startBothElsewhere } from './other-process.ts';
import { stoppedAfterEach } from './started-servers.ts';
import { temporaryFolders } from './temporary-folders.ts';

const { startPostgres } = stoppedAfterEach();
const makeFolder = temporaryFolders();
const isRoot = process.getuid?.() === 0;
// One that every system knows: initdb wants to know its own name.
const ORDINARY_USER_ID = 65534;
const UNPRIVILEGED_USER_ID = 65534;
const SOMEONE_ELSE_ID = 54321;
const testAsRoot = isRoot ? test : test.skip;
// Root can become another user, unless the repository itself lies where others may not go.
const testAsAnother = isRoot && canRunNode(ORDINARY_USER_ID) ? test : test.skip;
const testAsOrdinary = isRoot ? testAsAnother : test;

testAsOrdinary('E7 an ordinary user starts both, and they run as that user', async () => {
  const home = await makeFolder();
  if (isRoot) await chown(home, ORDINARY_USER_ID, ORDINARY_USER_ID);
  const other = await startBothElsewhere({
    natsOptions: { dataDirectory: join(home, 'nats') },
    postgresOptions: { dataDirectory: join(home, 'postgres') },
    ...(isRoot ? { userId: ORDINARY_USER_ID } : {}),
    environment: { HOME: home, TMPDIR: home },
  });
  const userId = isRoot ? ORDINARY_USER_ID : process.getuid?.();
  expect(await userOf(other.nats.pid)).toBe(userId);
  expect(await userOf(other.postgres.pid)).toBe(userId);
  expect(await publishMessage(other.nats.url, 'one')).toBe(1);
  expect(await ask(other.postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(await other.end()).toBe(0);
});

testAsAnother('E8 an ordinary user is told when the data folder is someone else’s', async () => {
  const home = await makeFolder();
  await chown(home, ORDINARY_USER_ID, ORDINARY_USER_ID);
  const dataDirectory = await makeFolder();
  const failing = startBothElsewhere({
    postgresOptions: { dataDirectory },
    userId: ORDINARY_USER_ID,
    environment: { HOME: home, TMPDIR: home },
  });
  await expect(failing).rejects.toThrow(/folder-unusable/);
});

testAsRoot('E7 for root, Postgres runs as a user without rights and owns its data', async () => {
  const dataDirectory = await makeFolder();
  const server = await startPostgres({ dataDirectory, durable: false });
  expect(await userOf(server.pid)).toBe(UNPRIVILEGED_USER_ID);
  expect((await stat(join(dataDirectory, 'data'))).uid).toBe(UNPRIVILEGED_USER_ID);
});

testAsRoot('E7 root may start in a folder that only root may enter, binaries and data in it', async () => {
  const closed = await makeFolder();
  const shipped = dirname(dirname((await findPostgres({})).postgres));
  await cp(shipped, join(closed, 'native'), { recursive: true, verbatimSymlinks: true });
  const options = {
    dataDirectory: join(closed, 'state', 'postgres'),
    environment: { ...process.env, POSTGRES_BIN_DIR: join(closed, 'native', 'bin') },
    durable: false,
  };
  const first = await startPostgres(options);
  await ask(first.url, `CREATE TABLE kept AS SELECT 'row' AS value`);
  await ask(first.url, 'CREATE DATABASE another');
  await first.kill();
  const second = await startPostgres({ ...options, port: first.port });
  expect(await ask(second.url, 'SELECT value FROM kept')).toEqual([{ value: 'row' }]);
  // Both of these make Postgres open files by the name of its data folder.
  expect(await ask(second.url, 'SELECT pg_reload_conf() AS reloaded')).toEqual([{ reloaded: true }]);
  expect(await ask(second.urlOf('another'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await second.stop();
  const left = (await readdir(tmpdir())).filter((name) => name.startsWith('longwave-binaries.'));
  expect(left.filter((name) => name.includes(`.${process.pid}.`))).toEqual([]);
});

testAsRoot('E7 root takes over data that an ordinary user made', async () => {
  const dataDirectory = await makeFolder();
  const first = await startPostgres({ dataDirectory, durable: false });
  await first.stop();
  const data = join(dataDirectory, 'data');
  for (const name of await readdir(data, { recursive: true })) {
    await chown(join(data, name), SOMEONE_ELSE_ID, SOMEONE_ELSE_ID);
  }
  await chown(data, SOMEONE_ELSE_ID, SOMEONE_ELSE_ID);
  const second = await startPostgres({ dataDirectory, durable: false });
  expect(await ask(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

async function userOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1]);
}

function canRunNode(userId: number): boolean {
  return spawnSync(process.execPath, ['--version'], { uid: userId, gid: userId, stdio: 'ignore' }).status === 0;
}
