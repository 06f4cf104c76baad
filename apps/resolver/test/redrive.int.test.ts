// What a build that is wrong gave up comes back to the next one: the real redrive, the real inbox.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packageTypes } from '../src/domain/package-telling.ts';
import { getJson, quietLog, until } from '@longwave/embedded/testing';
import { Reject, startConsumption, systemTime } from '@longwave/messaging';
import type { OutgoingMessage } from '@longwave/messaging/contract';
import { listDeadLetters, redrive, redriveDoubts, type DeadLetter } from '@longwave/messaging/dead-letters';
import type { RunningService } from '@longwave/runtime';
import { packageMessage, source } from './support/fleet-messages.ts';
import { get, startStation, type Station } from './support/station.ts';

const who = { by: 'user:ada', at: new Date('2026-11-21T12:00:00Z') };
const never = new AbortController().signal;

let station: Station;
let resolver: RunningService;

beforeAll(async () => {
  station = await startStation();
});

afterAll(() => station.close());

const letters = async (): Promise<readonly DeadLetter[]> =>
  (await listDeadLetters(station.broker.backend.reader, { group: 'resolver' }, never)).letters;

/** A build of the resolver that can do nothing with packages. */
async function giveUp(...messages: readonly OutgoingMessage[]): Promise<readonly DeadLetter[]> {
  const { backend } = station.broker;
  const wrong = startConsumption(backend, {
    stream: 'events',
    consumer: 'resolver',
    types: packageTypes,
    handler: () => Promise.reject(new Reject('a bug of this build')),
    source,
    log: quietLog,
    time: systemTime,
    random: Math.random,
  });
  await station.broker.publish(...messages);
  const found = await until('all are dead letters', async () => {
    const all = await letters();
    return all.length === messages.length ? all : undefined;
  });
  await wrong.stop({ withinMs: 5_000 });
  return found;
}

const packageNamed = async (name: string): Promise<Record<string, unknown> | undefined> => {
  const { status, body } = await get(resolver, `/packages/${name}/1.0.0`);
  return status === 200 ? body : undefined;
};

test('V7 what was given up is applied after a redrive; what its entity has passed is stale and changes nothing', async () => {
  const [first, second] = ['2026-11-21T10:00:00.000Z', '2026-11-21T11:00:00.000Z'];
  const given = await giveUp(
    packageMessage('created', { name: 'lost', description: 'given up' }, { createdAt: new Date(first) }),
    packageMessage('created', { name: 'passed', description: 'given up' }, { createdAt: new Date(first) }),
  );
  // One of them is active; what is redriven finds it, whichever of them takes it first.
  resolver = await station.startReplica();
  await station.startReplica();
  await station.broker.publish(
    packageMessage('updated', { name: 'passed', description: 'newer' }, { createdAt: new Date(second) }),
  );
  await until('the newer one is applied', () => packageNamed('passed'));
  expect(await packageNamed('lost')).toBeUndefined();

  const doubts = await redriveDoubts(station.broker.backend.reader, given, who.at, never);
  const doubtful = given.filter(({ identity }) => doubts.has(identity));
  expect(doubtful.map(({ subject }) => subject)).toEqual([expect.stringContaining('passed')]);

  for (const letter of given) expect((await redrive(station.broker.backend, letter, who)).kind).toBe('redriven');
  expect(await until('it is applied', () => packageNamed('lost'))).toMatchObject({ description: 'given up' });
  // Stale: what is newer stays, and the time of the creation is learned.
  const passed = await until('the creation is known', async () => {
    const found = await packageNamed('passed');
    return found?.['createdAt'] === first ? found : undefined;
  });
  expect(passed).toMatchObject({ description: 'newer', updatedAt: second });
  expect(await letters()).toEqual([]);
});

test('V7 readiness says when there is no consumer for what is redriven', async () => {
  await station.broker.manager.consumers.delete('dead-letter', 'redrive-events-resolver');
  const replica = await station.startReplica();
  const { status } = await until('it is told', async () => {
    const answer = await getJson(`${replica.address}/health/ready`);
    return JSON.stringify(answer.body).includes('takes no redriven messages') ? answer : undefined;
  });
  expect(status).toBe(200);
});
