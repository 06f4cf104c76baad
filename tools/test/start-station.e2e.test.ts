// A station that cannot start says so in a sentence, whatever is wrong with the machine or the settings.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '@longwave/embedded';
import { startStation } from '../src/station/start-station.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longwave-no-start-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const start = (environment: NodeJS.ProcessEnv, stateDirectory = folder) =>
  startStation({
    stateDirectory,
    port: 0,
    environment: { NATS_HOST: '127.0.0.1', ...environment },
    step: (_what, work) => work(),
    onRestart: () => undefined,
  });
const sentence = (part: string) =>
  expect.objectContaining({ name: 'StartError', message: expect.stringContaining(part) });

test('a folder that cannot be written is named', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(start({}, file)).rejects.toEqual(sentence(`cannot keep its data in ${file}`));
});

test.each(['nonsense', 'http://secret@host/'])('DATABASE_URL=%s is refused, and not repeated', async (url) => {
  const refused = start({ DATABASE_URL: url });
  await expect(refused).rejects.toEqual(sentence('DATABASE_URL is not a URL such as postgres://'));
  await expect(refused).rejects.not.toEqual(sentence(url));
});

test.each(['127.0.0.1', 'localhost'])('a DATABASE_URL at which nobody is, on %s, is said', async (host) => {
  const url = `postgres://me:secret@${host}:${await freePort()}/postgres`;
  await expect(start({ DATABASE_URL: url, NATS_PORT: '1' })).rejects.toEqual(sentence('ECONNREFUSED'));
});

test('a NATS_PORT that is none is said', async () => {
  const environment = { DATABASE_URL: 'postgres://127.0.0.1/postgres', NATS_PORT: 'abc' };
  await expect(start(environment)).rejects.toEqual(sentence('NATS_PORT=abc is not a port'));
});
