// What operators do to dead letters is recorded: the letter, and who redrove or discarded it.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PackageCreated } from '@longwave/contracts';
import { quietLog, until } from '@longwave/embedded/testing';
import { Reject, startConsumption, systemTime } from '@longwave/messaging';
import { encodeMessage } from '@longwave/messaging/contract';
import { discard, listDeadLetters, redrive, type DeadLetter } from '@longwave/messaging/dead-letters';
import { createLogger, uuidIds } from '@longwave/runtime';
import { readLog, type LogContent } from './support/log-content.ts';
import { startStation, type Station } from './support/station.ts';

let station: Station;
let log: LogContent;
const lines: string[] = [];

beforeAll(async () => {
  station = await startStation();
  log = await readLog(station.databaseUrl);
  const destination = { write: (line: string) => void lines.push(line) };
  await station.startReplica(
    {},
    createLogger({ service: 'audit-log', replicaId: 'one', level: 'warn', pretty: false, destination }),
  );
});

afterAll(async () => {
  await log.close();
  await station.close();
});

test('A1, A3: a message, its dead letter, its redrive and its discard are an entry each, none taken for another', async () => {
  const { backend } = station.broker;
  const source = { instance: 'steering', replica: 'steering-1' };
  const group = startConsumption(backend, {
    stream: 'events',
    consumer: 'resolver',
    types: [PackageCreated],
    handler: () => Promise.reject(new Reject('not today')),
    source,
    log: quietLog,
    time: systemTime,
    random: Math.random,
    redrives: true,
  });
  const draft = PackageCreated.of({ namespace: 'default', packageId: { name: 'engine', version: '1.0.0' } });
  const cause = { correlationId: 'c-1', actor: 'user:grace' };
  const original = encodeMessage(draft, { id: uuidIds.next(), createdAt: new Date(), source, cause });
  await station.broker.publish(original);
  const letterAfter = (redrives: number): Promise<DeadLetter> =>
    until('it is given up', async () => {
      const { letters } = await listDeadLetters(backend.reader, {}, AbortSignal.timeout(10_000));
      return letters.find((one) => one.redrives === redrives);
    });
  const letter = await letterAfter(0);
  await redrive(backend, letter, { by: 'user:ada', at: new Date() });
  await discard(backend, await letterAfter(1), { by: 'user:bob', at: new Date() });
  await group.stop({ withinMs: 1_000 });
  await until('all is recorded', async () => (await log.count()) >= 5);
  const { rows } = await log.client.query('SELECT message_id, actor, correlation_id FROM entry');
  expect(rows).toHaveLength(5);
  expect(rows).toEqual(
    expect.arrayContaining([
      { message_id: original.id, actor: 'user:grace', correlation_id: 'c-1' },
      { message_id: letter.identity, actor: null, correlation_id: 'c-1' },
      { message_id: `${letter.identity}:redrive:1`, actor: 'user:ada', correlation_id: 'c-1' },
      { message_id: `${letter.identity}:1`, actor: null, correlation_id: 'c-1' },
      { message_id: `${letter.identity}:discard:2`, actor: 'user:bob', correlation_id: 'c-1' },
    ]),
  );
  expect(lines).toEqual([]);
});
