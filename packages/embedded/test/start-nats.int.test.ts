// What startNats promises, against the real server. Numbers are those of the README.
import { expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { eventually } from '../src/eventually.ts';
import { freePort } from '../src/free-port.ts';
import { publishMessage, readMessage, withNats } from './ask.ts';
import { stoppedAfterEach } from './started-servers.ts';
import { temporaryFolders } from './temporary-folders.ts';

const { startNats } = stoppedAfterEach();
const makeFolder = temporaryFolders();

test('E5 a started server stores a message at once', async () => {
  const server = await startNats();
  expect(server.url).toBe(`nats://127.0.0.1:${server.port}`);
  expect(await publishMessage(server.url, 'one')).toBe(1);
});

test('E3 the server syncs before it acknowledges, unless told otherwise', async () => {
  const syncAlways = async (monitorUrl: string): Promise<unknown> => {
    const varz = await fetch(`${monitorUrl}/varz`);
    const { jetstream } = JSON.parse(await varz.text());
    return jetstream.config.sync_always;
  };
  const [durable, relaxed] = await Promise.all([startNats(), startNats({ syncInterval: '2m' })]);
  expect(await syncAlways(durable.monitorUrl)).toBe(true);
  expect(await syncAlways(relaxed.monitorUrl)).toBeFalsy();
});

test.each(['stop', 'kill'] as const)(
  'E3 messages are there after %s and a start with the same folder and port',
  async (end) => {
    const dataDirectory = join(await makeFolder(), 'a "quoted" folder');
    const first = await startNats({ dataDirectory });
    const sequence = await publishMessage(first.url, 'kept');
    await first[end]();
    const monitorPort = Number(new URL(first.monitorUrl).port);
    const second = await startNats({ dataDirectory, port: first.port, monitorPort });
    expect(second.url).toBe(first.url);
    expect(second.monitorUrl).toBe(first.monitorUrl);
    expect(second.pid).not.toBe(first.pid);
    expect(await readMessage(second.url, sequence)).toBe('kept');
  },
);

test('E4 only this machine reaches the server', async () => {
  const server = await startNats();
  const varz = await fetch(`${server.monitorUrl}/varz`);
  expect(JSON.parse(await varz.text())).toMatchObject({ host: '127.0.0.1', http_host: '127.0.0.1' });
});

test.each(['stop', 'kill'] as const)('E6 %s removes a temporary folder', async (end) => {
  const server = await startNats();
  expect(existsSync(server.storeDirectory)).toBe(true);
  await server[end]();
  expect(existsSync(server.storeDirectory)).toBe(false);
});

test('E6 stop and kill may be called often, at once and late', async () => {
  const server = await startNats();
  await Promise.all([server.stop(), server.stop(), server.kill(), server.stop()]);
  await server.kill();
  await server.stop();
  expect(await server.exited).toBeDefined();
});

test('E6 a stop is a clean exit', async () => {
  const server = await startNats();
  await server.stop();
  expect(await server.exited).toEqual({ code: 0, signal: null });
});

test('a paused server answers nothing, a resumed one goes on, and a paused one can be stopped', async () => {
  const server = await startNats();
  const ping = async (): Promise<boolean> => {
    const answer = fetch(`${server.monitorUrl}/healthz`, { signal: AbortSignal.timeout(300) });
    return await answer.then(
      () => true,
      () => false,
    );
  };
  server.pause();
  expect(await ping()).toBe(false);
  server.resume();
  expect(await eventually(async () => (await ping()) || undefined, 5_000)).toBe(true);
  server.pause();
  await server.stop();
  expect(await server.exited).toEqual({ code: 0, signal: null });
});

test('E8 a taken port is named', async () => {
  const port = await freePort();
  const squatter = createServer().listen(port, '127.0.0.1');
  const dataDirectory = await makeFolder();
  const error = { code: 'port-taken', message: expect.stringContaining(`127.0.0.1:${port}`) };
  await expect(startNats({ dataDirectory, port })).rejects.toMatchObject(error);
  await expect(startNats({ dataDirectory, monitorPort: port })).rejects.toMatchObject(error);
  squatter.close();
  expect((await startNats({ dataDirectory, port })).port).toBe(port);
});

test('E2 a second server on the same folder is refused, and the first does not notice', async () => {
  const dataDirectory = await makeFolder();
  const first = await startNats({ dataDirectory });
  const error = { code: 'already-running', message: expect.stringContaining(`process ${first.pid}`) };
  await expect(startNats({ dataDirectory })).rejects.toMatchObject(error);
  expect(await publishMessage(first.url, 'undisturbed')).toBe(1);
});

test('E2 of several starts at once on a folder one wins', async () => {
  const dataDirectory = await makeFolder();
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => startNats({ dataDirectory })));
  const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  expect(started).toHaveLength(1);
});

test('E2 a folder is free again when its server has died by itself', async () => {
  const dataDirectory = await makeFolder();
  const first = await startNats({ dataDirectory });
  process.kill(first.pid, 'SIGKILL');
  const second = await startNats({ dataDirectory });
  await second.stop();
  expect(await readdir(dataDirectory)).not.toContain('longwave.lock');
});

test('E8 a configuration the server refuses is shown in its own words, and nothing is left running', async () => {
  const dataDirectory = await makeFolder();
  const failing = startNats({ dataDirectory, extraConfig: 'no_such_setting: 1' });
  await expect(failing).rejects.toMatchObject({
    code: 'not-ready',
    message: expect.stringContaining('no_such_setting'),
  });
  expect((await startNats({ dataDirectory })).pid).toBeGreaterThan(0);
});

test('E8 a server that does not become ready in time is killed and said so', async () => {
  const failing = startNats({ readyWithinMs: 0 });
  await expect(failing).rejects.toMatchObject({ code: 'not-ready', message: expect.stringContaining('within 0 s') });
});

test('extra configuration counts, also over our own', async () => {
  const server = await startNats({ extraConfig: 'server_name: other\nmax_payload: 4096' });
  const info = await withNats(server.url, async (connection) => connection.info);
  expect(info).toMatchObject({ server_name: 'other', max_payload: 4096 });
});

test('the log arrives line by line', async () => {
  const lines: string[] = [];
  const server = await startNats({ onLog: (line) => lines.push(line) });
  await server.stop();
  expect(lines.some((line) => line.includes('Server is ready'))).toBe(true);
});
