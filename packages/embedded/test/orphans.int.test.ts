// E1: whatever ends the process that started the servers, they end too, and a later run finds a clean place.
import { afterEach, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { eventually } from '../src/eventually.ts';
import { identify, isAlive, type ProcessIdentity, signalProcess } from '../src/process-life.ts';
import { sweepStaleFolders } from '../src/temporary-folder.ts';
import { ask, publishMessage, readMessage } from './ask.ts';
import { type OtherProcess, startBothElsewhere } from './other-process.ts';
import { stoppedAfterEach } from './started-servers.ts';
import { temporaryFolders } from './temporary-folders.ts';

const { startNats, startPostgres } = stoppedAfterEach();
const makeFolder = temporaryFolders();
const DEPARTURE_MS = 10_000;
const quick = { durable: false, inMemory: true } as const;
const started: OtherProcess[] = [];

const startElsewhere: typeof startBothElsewhere = async (options) => {
  const other = await startBothElsewhere(options);
  started.push(other);
  return other;
};
afterEach(() => {
  for (const other of started.splice(0)) other.process.kill('SIGKILL');
});

const identitiesOf = (other: OtherProcess): readonly ProcessIdentity[] =>
  [other.nats.pid, other.postgres.pid].map(identify);
const allGone = (servers: readonly ProcessIdentity[]): Promise<boolean | undefined> =>
  eventually(() => !servers.some(isAlive) || undefined, DEPARTURE_MS);

describe('E1 no orphans', () => {
  test.each(['SIGKILL', 'SIGTERM'] as const)('a parent ended by %s takes both servers with it', async (signal) => {
    const other = await startElsewhere({ postgresOptions: quick });
    const servers = identitiesOf(other);
    expect(servers.every(isAlive)).toBe(true);
    other.process.kill(signal);
    expect(await allGone(servers)).toBe(true);
  });

  test('a paused nats-server goes with its parent too', async () => {
    const other = await startElsewhere({ postgresOptions: quick });
    const servers = identitiesOf(other);
    process.kill(other.nats.pid, 'SIGSTOP');
    other.process.kill('SIGKILL');
    expect(await allGone(servers)).toBe(true);
  });

  test('Ctrl-C in the terminal does not reach the servers', async () => {
    const other = await startElsewhere({ postgresOptions: quick });
    // What a terminal does: a signal to the whole foreground process group.
    if (other.process.pid !== undefined) process.kill(-other.process.pid, 'SIGINT');
    expect(await ask(other.postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await publishMessage(other.nats.url, 'still here')).toBe(1);
    expect(await other.end()).toBe(0);
  });

  test('a server that ends first dismisses its guard', async () => {
    const other = await startElsewhere({ postgresOptions: quick });
    signalProcess(other.nats.pid, 'SIGKILL');
    expect(await other.end()).toBe(0);
  });
});

test('E2 E3 right after a SIGKILL of everything’s parent the same folders and ports start again, data kept', async () => {
  const folder = await makeFolder();
  const dataDirectories = { nats: `${folder}/nats`, postgres: `${folder}/postgres` };
  const other = await startElsewhere({
    natsOptions: { dataDirectory: dataDirectories.nats },
    postgresOptions: { dataDirectory: dataDirectories.postgres },
  });
  await ask(other.postgres.url, `CREATE TABLE kept AS SELECT 'row' AS value`);
  const sequence = await publishMessage(other.nats.url, 'kept');
  other.process.kill('SIGKILL');
  const nats = await startNats({ dataDirectory: dataDirectories.nats, port: other.nats.port });
  const postgres = await startPostgres({ dataDirectory: dataDirectories.postgres, port: other.postgres.port });
  expect(await readMessage(nats.url, sequence)).toBe('kept');
  expect(await ask(postgres.url, 'SELECT value FROM kept')).toEqual([{ value: 'row' }]);
});

test('E6 the temporary folders of a killed run are swept, those of a living one are not', async () => {
  const living = await startNats();
  const other = await startElsewhere({ postgresOptions: quick });
  const servers = identitiesOf(other);
  const { storeDirectory } = other.nats;
  other.process.kill('SIGKILL');
  expect(await allGone(servers)).toBe(true);
  // Another test run may sweep at the same moment; what counts is that the folder is gone.
  await sweepStaleFolders();
  expect(existsSync(storeDirectory)).toBe(false);
  expect(existsSync(living.storeDirectory)).toBe(true);
});
