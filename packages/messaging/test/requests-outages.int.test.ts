// What requests promise when connections, replicas or places are missing (Q11–Q13): outages, overload, stops.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Peer } from '@longwave/messaging/request';
import { AddOne, AddOneAgain, addsOne, READY, setStage, SumChanged, type Stage } from './support/peers.ts';
import { until } from './support/until.ts';

let stage: Stage;
let caller: Peer;

beforeAll(async () => {
  stage = await setStage();
  caller = stage.peer('asker', 'asker-1');
  await caller.ready(READY);
});

afterAll(() => stage.close());

const error = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
const ask = (instance: string, peer: Peer = caller): ReturnType<typeof peer.call> =>
  peer.call(AddOne, { value: 1 }, { to: { instance } });

test('Q11: what was on its way when the connection is lost fails at once, outcome unknown', async () => {
  const server = stage.peer('lost', 'lost-1');
  const started = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  server.serve(AddOne, {}, async (request) => {
    started.resolve();
    await release.promise;
    return addsOne('lost-1')(request);
  });
  await server.ready(READY);
  const waiting = error(ask('lost'));
  await started.promise;
  const restart = await stage.broker.crash();
  expect(await waiting).toMatchObject({ code: 'disconnected', outcome: 'unknown' });
  release.resolve();
  await restart();
  await Promise.all([server.ready(READY), caller.ready(READY)]);
  expect(await ask('lost')).toMatchObject({ value: 2 });
});

test('Q11: an idempotent request is sent again with its id, and one made while the broker is away is sent later', async () => {
  const server = stage.peer('again', 'again-1');
  const ids: string[] = [];
  const started = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  server.serve(AddOneAgain, {}, async ({ id, data }) => {
    ids.push(id);
    started.resolve();
    await release.promise;
    return { value: data.value + 1, by: 'again-1' };
  });
  server.serve(AddOne, {}, addsOne('again-1'));
  await server.ready(READY);
  const waiting = caller.call(AddOneAgain, { value: 1 }, { to: { replica: 'again-1' } });
  await started.promise;
  const restart = await stage.broker.crash();
  await until('the caller knows', () => caller.state().state === 'down');
  const later = error(caller.call(AddOne, { value: 1 }, { to: { instance: 'again' }, timeoutMs: 100 }));
  const kept = caller.call(AddOne, { value: 5 }, { to: { instance: 'again' } });
  expect(await later).toMatchObject({ code: 'unavailable', outcome: 'not-handled' });
  await restart();
  await until('it came again', () => ids.length === 2);
  release.resolve();
  expect(await waiting).toMatchObject({ value: 2 });
  expect(new Set(ids).size).toBe(1);
  expect(await kept).toMatchObject({ value: 6 });
});

test('Q11: what may have been handled before the connection was lost is never said not to have been', async () => {
  const server = stage.peer('gone', 'gone-1');
  const started = Promise.withResolvers<void>();
  server.serve(AddOneAgain, {}, () => {
    started.resolve();
    return new Promise(() => undefined);
  });
  await server.ready(READY);
  const waiting = error(caller.call(AddOneAgain, { value: 1 }, { to: { instance: 'gone' } }));
  await started.promise;
  const restart = await stage.broker.crash();
  await server.stop({ withinMs: 100 });
  await restart();
  expect(await waiting).toMatchObject({ code: 'disconnected', outcome: 'unknown' });
});

test('Q12: more requests than may wait are refused at once, and the others go on', async () => {
  const server = stage.peer('bounded', 'bounded-1');
  const release = Promise.withResolvers<void>();
  server.serve(AddOne, {}, async (request) => {
    await release.promise;
    return addsOne('bounded-1')(request);
  });
  await server.ready(READY);
  const narrow = stage.peer('asker', 'asker-narrow', { inFlightMax: 2 });
  const waiting = [ask('bounded', narrow), ask('bounded', narrow)];
  const third = await error(ask('bounded', narrow));
  expect(third).toMatchObject({ code: 'too-many-in-flight', outcome: 'not-handled' });
  release.resolve();
  await Promise.all(waiting);
  expect(narrow.counts().inFlight).toBe(0);
});

test('Q12: a replica with no place left says so with 503, and handles what it has taken', async () => {
  const server = stage.peer('busy', 'busy-1');
  const release = Promise.withResolvers<void>();
  let running = 0;
  let runningMax = 0;
  const serving = server.serve(AddOne, { concurrency: 2 }, async (request) => {
    running += 1;
    runningMax = Math.max(runningMax, running);
    await release.promise;
    running -= 1;
    return addsOne('busy-1')(request);
  });
  await server.ready(READY);
  const calls = Array.from({ length: 40 }, () => error(ask('busy')));
  await until('the overload shows', () => serving.counts().busy === 6); // 2 run, 16 wait for each of them
  release.resolve();
  const outcomes = await Promise.all(calls);
  expect(outcomes.filter((one) => one instanceof Error && one.name === 'ReplyError')).toHaveLength(6);
  expect(outcomes.find((one) => one instanceof Error && one.name === 'ReplyError')).toMatchObject({
    status: 503,
    reason: 'busy',
    retryable: true,
  });
  expect(runningMax).toBe(2);
  expect(serving.counts().handled).toBe(34);
});

test('Q13: a replica that stops finishes what it has, and the other takes what comes: no call fails', async () => {
  const peers = ['stop-1', 'stop-2'].map((replica) => stage.peer('stop', replica));
  const started = Promise.withResolvers<void>();
  for (const [index, peer] of peers.entries()) {
    peer.serve(AddOne, {}, async (request) => {
      started.resolve();
      await new Promise((resolve) => setImmediate(resolve));
      return addsOne(`stop-${index + 1}`)(request);
    });
  }
  await Promise.all(peers.map((peer) => peer.ready(READY)));
  const answers: string[] = [];
  let isStopped = false;
  const worker = async (): Promise<void> => {
    for (let after = 0; after < 20; after += isStopped ? 1 : 0) {
      answers.push((await caller.call(AddOne, { value: 1 }, { to: { instance: 'stop' } })).by);
    }
  };
  const workers = Array.from({ length: 16 }, () => worker());
  await started.promise;
  await peers[0]?.stop({ withinMs: 5_000 });
  isStopped = true;
  const before = answers.length;
  await Promise.all(workers);
  expect(answers.length).toBeGreaterThan(before);
  expect(new Set(answers.slice(before + 16))).toEqual(new Set(['stop-2']));
});

test('Q13: what is not done at the deadline is answered, what waits as well, and signals are aborted', async () => {
  const server = stage.peer('hangs', 'hangs-1');
  const aborted = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const serving = server.serve(AddOne, { concurrency: 1 }, async (request, { signal }) => {
    signal.addEventListener('abort', () => aborted.resolve());
    started.resolve();
    await release.promise;
    return addsOne('hangs-1')(request);
  });
  await server.ready(READY);
  const first = error(ask('hangs'));
  await started.promise;
  const second = error(ask('hangs'));
  await until('the second waits', () => caller.counts().inFlight === 2 && serving.counts().handled === 0);
  await caller.ready(READY);
  await server.ready(READY);
  const startedAt = performance.now();
  await server.stop({ withinMs: 200 });
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  expect(await first).toMatchObject({ name: 'ReplyError', status: 504 });
  expect(await second).toMatchObject({ name: 'ReplyError', status: 503, reason: 'stopping' });
  await aborted.promise;
  release.resolve();
  expect(await error(ask('hangs'))).toMatchObject({ code: 'no-responders' });
  expect(() => server.serve(SumChanged, {}, () => undefined)).toThrow(TypeError);
});

test('Q13: stopping twice, and without ever having seen a broker, ends soon; calls are told', async () => {
  const server = stage.peer('twice', 'twice-1');
  const started = Promise.withResolvers<void>();
  server.serve(AddOne, {}, () => {
    started.resolve();
    return new Promise(() => undefined);
  });
  await server.ready(READY);
  const leaving = stage.peer('leaving', 'leaving-1');
  const waiting = error(ask('twice', leaving));
  await started.promise;
  await Promise.all([leaving.stop({ withinMs: 100 }), leaving.stop({ withinMs: 100 })]);
  expect(await waiting).toMatchObject({ code: 'stopped', outcome: 'unknown' });
  expect(await error(ask('twice', leaving))).toMatchObject({ code: 'stopped', outcome: 'not-handled' });
  await server.stop({ withinMs: 100 });
});
