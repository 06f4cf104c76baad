// Broadcast events heard as they pass (Q4–Q6): who hears them, who does not, and what a listener cannot break.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { broadcastFilter, event, SubjectError } from '@longwave/messaging/contract';
import { PublishError } from '@longwave/messaging';
import type { ListeningHandle } from '@longwave/messaging/request';
import { headers } from '@nats-io/transport-node';
import { z } from 'zod';
import { READY, setStage, type Stage } from './support/peers.ts';
import { until } from './support/until.ts';

const registered = (originator: 'a' | 'b', type: 'registered' | 'unregistered', timeoutMs = 0) =>
  event(`Endpoint${type}`, {
    version: 1,
    subject: `longwave.v1.events.${originator}.endpoint.lifecycle.${type}`,
    address: () => ({}),
    key: ({ id }) => id,
    schema: z.object({ id: z.string() }),
    example: { id: 'e1' },
    timeoutMs,
  });
const Registered = registered('a', 'registered');
const Unregistered = registered('a', 'unregistered');
const RegisteredAtB = registered('b', 'registered');
const Measured = event('Measured', {
  version: 1,
  subject: 'longwave.v1.events.a.endpoint.data.measured.{series}',
  address: ({ series }) => ({ series }),
  key: ({ series }) => series,
  schema: z.object({ series: z.string(), value: z.number() }),
  example: { series: 's', value: 1 },
});

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
});

afterAll(() => stage.close());

const handled = (listenings: readonly ListeningHandle[]): number[] => listenings.map((one) => one.counts().handled);

test('Q4: an event is said on its four names and its extra tokens, and heard by filters of them', async () => {
  const ears = stage.peer('ears', 'ears-1');
  const heard: string[] = [];
  const types = [Registered, Unregistered, RegisteredAtB];
  const hear = (name: string, filter: string): ListeningHandle =>
    ears.listen(
      { filter, types },
      { group: 'fan-out' },
      ({ data, type }) => void heard.push(`${name} ${type.name} ${data.id}`),
    );
  hear('lifecycle', broadcastFilter({ entityType: 'endpoint', eventGroup: 'lifecycle' }));
  hear('registered', broadcastFilter({ eventType: 'registered' }));
  hear('b', broadcastFilter({ originator: 'b' }));
  const series: string[] = [];
  ears.listen(Measured, { group: 'fan-out' }, ({ data, subject }) => void series.push(`${data.series} ${subject}`));
  await ears.ready(READY);
  const mouth = stage.peer('a', 'a-1');
  await mouth.broadcast(Registered.of({ id: 'e1' }));
  await mouth.broadcast(Unregistered.of({ id: 'e2' }));
  await mouth.broadcast(RegisteredAtB.of({ id: 'e3' }));
  await mouth.broadcast(Measured.of({ series: 't.1', value: 1 }));
  await until('all were heard', () => heard.length === 6 && series.length === 1);
  expect(heard.toSorted()).toEqual([
    'b Endpointregistered e3',
    'lifecycle Endpointregistered e1',
    'lifecycle Endpointregistered e3',
    'lifecycle Endpointunregistered e2',
    'registered Endpointregistered e1',
    'registered Endpointregistered e3',
  ]);
  expect(series).toEqual(['t.1 longwave.v1.events.a.endpoint.data.measured.t%2E1']);
});

test('Q5: an event says which replica it comes from, and that replica can ignore it', async () => {
  const [one, two] = [stage.peer('q5', 'q5-1'), stage.peer('q5', 'q5-2')];
  const heard: string[] = [];
  const listenings = [one, two].map((peer, index) =>
    peer.listen(Registered, { group: 'fan-out', ignoreOwn: true }, ({ source, correlationId }) => {
      heard.push(`${index + 1} heard ${source?.replica} ${correlationId}`);
    }),
  );
  await Promise.all([one.ready(READY), two.ready(READY)]);
  await one.broadcast(Registered.of({ id: 'e1' }), { cause: { correlationId: 'c-1' } });
  await two.broadcast(Registered.of({ id: 'e2' }), { cause: { correlationId: 'c-2' } });
  await until('each has heard the other', () => heard.length === 2);
  await until('each has ignored itself', () => listenings.every((one) => one.counts().own === 1));
  expect(heard.toSorted()).toEqual(['1 heard q5-2 c-2', '2 heard q5-1 c-1']);
});

test('Q6: with a group one replica hears each event; without, every replica hears all of them', async () => {
  const peers = ['q6-1', 'q6-2', 'q6-3'].map((replica) => stage.peer('q6', replica));
  const grouped = peers.map((peer) => peer.listen(Measured, { group: 'q6' }, () => undefined));
  const others = peers.map((peer) => peer.listen(Measured, { group: 'fan-out' }, () => undefined));
  await Promise.all(peers.map((peer) => peer.ready(READY)));
  const mouth = stage.peer('a', 'a-6');
  for (let value = 0; value < 30; value += 1) await mouth.broadcast(Measured.of({ series: 's', value }));
  await until('all have heard all', () => handled(others).every((count) => count === 30));
  await until('the group has heard all, once', () => handled(grouped).reduce((sum, count) => sum + count) === 30);
  expect(handled(grouped).filter((count) => count > 0).length).toBeGreaterThan(1);
});

test('Q6: a listener hears in order; one that fails, or hears nonsense, hears the next event', async () => {
  const ears = stage.peer('order', 'order-1');
  const heard: number[] = [];
  const listening = ears.listen(Measured, { group: 'fan-out' }, async ({ data }) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (data.value === 3) throw new Error('not this one');
    heard.push(data.value);
  });
  await ears.ready(READY);
  const mouth = stage.peer('a', 'a-order');
  stage.broker.plain.publish('longwave.v1.events.a.endpoint.data.measured.s', 'nonsense');
  const own = headers();
  own.set('ce-source', '/');
  stage.broker.plain.publish('longwave.v1.events.a.endpoint.data.measured.s', '{}', { headers: own });
  await stage.broker.plain.flush();
  for (let value = 0; value < 10; value += 1) await mouth.broadcast(Measured.of({ series: 's', value }));
  await until('the last was heard', () => heard.at(-1) === 9);
  expect(heard).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9]);
  expect(listening.counts()).toMatchObject({ failed: 1, unreadable: 2, handled: 9 });
});

test('C4: a listener hears what a sender of an older version says', async () => {
  const ears = stage.peer('newer', 'newer-1');
  const heard: unknown[] = [];
  const Newer = event('Measured', {
    version: 2,
    subject: 'longwave.v1.events.a.endpoint.data.measured.{series}',
    address: ({ series }) => ({ series }),
    key: ({ series }) => series,
    schema: z.object({ series: z.string(), values: z.array(z.number()) }),
    example: { series: 's', values: [1] },
    older: {
      1: {
        schema: z.object({ series: z.string(), value: z.number() }),
        upcast: ({ series, value }) => ({ series, values: [value] }),
      },
    },
  });
  const listening = ears.listen(Newer, { group: 'fan-out' }, ({ data }) => void heard.push(data));
  await ears.ready(READY);
  await stage.peer('a', 'a-older').broadcast(Measured.of({ series: 's', value: 5 }));
  await stage.peer('a', 'a-newer').broadcast(Newer.of({ series: 's', values: [6, 7] }));
  await until('both were heard', () => listening.counts().handled === 2);
  expect(new Set(heard)).toEqual(
    new Set([
      { series: 's', values: [5] },
      { series: 's', values: [6, 7] },
    ]),
  );
});

test('Q3: an event that waited too long is dropped and counted; Q12: what finds no place is, too', async () => {
  const ears = stage.peer('late', 'late-1');
  const release = Promise.withResolvers<void>();
  const Brief = registered('b', 'unregistered', 1);
  const listening = ears.listen(Brief, { group: 'fan-out' }, () => release.promise);
  await ears.ready(READY);
  const Long = registered('b', 'unregistered');
  const mouth = stage.peer('b', 'b-1');
  await mouth.broadcast(Long.of({ id: 'first' }));
  await Promise.all(Array.from({ length: 1_030 }, (_, index) => mouth.broadcast(Brief.of({ id: `e${index}` }))));
  await until('there was no place for the last', () => listening.counts().overrun === 6);
  release.resolve();
  await until('the others have expired', () => listening.counts().expired === 1_024);
  expect(listening.counts().handled).toBe(1);
});

test('what cannot be said, because the broker is away, is an error and is not said later', async () => {
  const mouth = stage.peer('a', 'a-away');
  await mouth.ready(READY);
  const restart = await stage.broker.crash();
  await until('it knows', () => mouth.state().state === 'down');
  const failure = await mouth.broadcast(Registered.of({ id: 'e1' })).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(PublishError);
  expect(failure).toMatchObject({ code: 'unavailable' });
  await restart();
  await mouth.ready(READY);
  expect(mouth.state()).toEqual({ state: 'up' });
});

test.each(['a b', 'g 1\r\nPUB p 2\r\nhi', '*', 'x'.repeat(65), ''])('a group named %j is refused', (group) => {
  const ears = stage.peer('names', 'names-1');
  expect(() => ears.listen(Registered, { group }, () => undefined)).toThrow(SubjectError);
  expect(() => broadcastFilter({ originator: group })).toThrow(SubjectError);
});
