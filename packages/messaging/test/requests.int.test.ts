// What requests promise while nothing is wrong (Q1–Q3, Q8, Q9), between replicas on a real broker.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeMetadata, SubjectError } from '@longwave/messaging/contract';
import { Answer, CallError, Refusal, ReplyError } from '@longwave/messaging/request';
import { headers } from '@nats-io/transport-node';
import { keepLog } from './support/log-lines.ts';
import { AddOne, addsOne, READY, setStage, type Stage } from './support/peers.ts';
import { until } from './support/until.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
});

afterAll(() => stage.close());

const alwaysTrue = (): boolean => true;
const alwaysFalse = (): boolean => false;
const error = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );

test('Q1: of two replicas of an instance exactly one answers each request, and both get their share', async () => {
  const [one, two] = [stage.peer('q1', 'q1-1'), stage.peer('q1', 'q1-2')];
  const servings = [one, two].map((peer, index) => peer.serve(AddOne, {}, addsOne(`q1-${index + 1}`)));
  await Promise.all([one.ready(READY), two.ready(READY)]);
  const caller = stage.peer('asker', 'asker-q1');
  const values = Array.from({ length: 100 }, (_, value) => value);
  const answers = await Promise.all(values.map((value) => caller.call(AddOne, { value }, { to: { instance: 'q1' } })));
  expect(answers.map(({ value }) => value)).toEqual(values.map((value) => value + 1));
  expect(new Set(answers.map(({ by }) => by))).toEqual(new Set(['q1-1', 'q1-2']));
  expect(servings.map((serving) => serving.counts().handled).reduce((sum, count) => sum + count)).toBe(100);
});

test('Q1: fan-out reaches every replica, and the caller takes the first answer', async () => {
  const peers = ['fan-1', 'fan-2', 'fan-3'].map((replica) => stage.peer('fan', replica));
  const servings = peers.map((peer, index) => peer.serve(AddOne, { group: 'fan-out' }, addsOne(`fan-${index + 1}`)));
  await Promise.all(peers.map((peer) => peer.ready(READY)));
  const caller = stage.peer('asker', 'asker-fan');
  expect(await caller.call(AddOne, { value: 1 }, { to: { instance: 'fan' } })).toMatchObject({ value: 2 });
  await until('all three have handled it', () => servings.every((serving) => serving.counts().handled === 1));
  await until('the other two answers were late', () => caller.counts().late === 2);
});

test('Q2: a request to a replica reaches that replica, whatever group it serves in', async () => {
  const peers = ['q2-1', 'q2-2'].map((replica) => stage.peer('q2', replica));
  for (const [index, peer] of peers.entries()) peer.serve(AddOne, {}, addsOne(`q2-${index + 1}`));
  await Promise.all(peers.map((peer) => peer.ready(READY)));
  const caller = stage.peer('asker', 'asker-q2');
  for (const replica of ['q2-2', 'q2-1', 'q2-2', 'q2-2']) {
    expect((await caller.call(AddOne, { value: 1 }, { to: { replica } })).by).toBe(replica);
  }
});

test('Q2: a replica that does not serve it says so at once', async () => {
  const peer = stage.peer('idle', 'idle-1');
  await peer.ready(READY);
  const failure = await error(stage.peer('asker', 'asker-i').call(AddOne, { value: 1 }, { to: { replica: 'idle-1' } }));
  expect(failure).toBeInstanceOf(ReplyError);
  expect(failure).toMatchObject({ status: 501, retryable: false });
  expect(peer.counts().notServed).toBe(1);
});

test('Q3: a request carries its time, deadline and correlation, a reply what it answers; both are logged', async () => {
  const { log, lines } = keepLog();
  const server = stage.peer('q3', 'q3-1', { log });
  const received: unknown[] = [];
  server.serve(AddOne, {}, (request) => {
    received.push(request);
    return addsOne('q3-1')(request);
  });
  await server.ready(READY);
  const cause = { correlationId: 'request 17', causationId: 'm-1', actor: 'user:ada' };
  const sent = new Date();
  const caller = stage.peer('asker', 'asker-q3');
  const reply = await caller.ask(AddOne, { value: 1 }, { to: { instance: 'q3' }, cause, timeoutMs: 5_000 });
  const [request] = received;
  expect(request).toMatchObject({ ...cause, source: { instance: 'asker', replica: 'asker-q3' } });
  // The handler of this test received it, so it has these.
  const { id, createdAt, expiresAt } = request as { id: string; createdAt: Date; expiresAt: Date };
  expect(expiresAt.getTime() - createdAt.getTime()).toBe(5_000);
  expect(createdAt.getTime()).toBeGreaterThanOrEqual(sent.getTime());
  expect(reply.metadata()).toMatchObject({
    correlationId: 'request 17',
    causationId: id,
    actor: 'user:ada',
    ceType: 'longwave.AddOneReply.v1',
    source: { instance: 'q3', replica: 'q3-1' },
  });
  const line = lines.find(({ message }) => message === 'request handled');
  expect(line?.fields).toMatchObject({ correlationId: 'request 17', messageId: id, type: 'AddOne', status: 200 });
});

test('Q3: a timeout of 0 is no deadline at all', async () => {
  const server = stage.peer('q3-never', 'q3-never-1');
  const expiries: unknown[] = [];
  server.serve(AddOne, {}, (request, { expiresAt }) => {
    expiries.push(expiresAt);
    return addsOne('x')(request);
  });
  await server.ready(READY);
  await stage.peer('asker', 'asker-n').call(AddOne, { value: 1 }, { to: { instance: 'q3-never' }, timeoutMs: 0 });
  expect(expiries).toEqual([undefined]);
});

test('Q3: what expired on its way, behind a server that hung, is dropped and counted, never handled', async () => {
  const server = stage.peer('q3-late', 'q3-late-1');
  const serving = server.serve(AddOne, {}, addsOne('q3-late-1'));
  const caller = stage.peer('asker', 'asker-late');
  await Promise.all([server.ready(READY), caller.ready(READY)]);
  stage.broker.server().pause();
  await until('the server hangs', () => caller.ready({ withinMs: 50 }).then(alwaysFalse, alwaysTrue));
  const startedAt = performance.now();
  const failure = await error(caller.call(AddOne, { value: 1 }, { to: { instance: 'q3-late' }, timeoutMs: 300 }));
  const tookMs = performance.now() - startedAt;
  stage.broker.server().resume();
  expect(failure).toMatchObject({ name: 'CallError', code: 'timeout', outcome: 'unknown' });
  expect(tookMs).toBeGreaterThanOrEqual(300);
  expect(tookMs).toBeLessThan(2_000);
  await until('the request has arrived', () => serving.counts().expired === 1);
  expect(serving.counts().handled).toBe(0);
});

test('Q3: what expires while it waits for its turn is dropped, and the caller of a call passes its deadline on', async () => {
  const server = stage.peer('q3-turn', 'q3-turn-1');
  const release = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const serving = server.serve(AddOne, { concurrency: 1 }, async (request) => {
    started.resolve();
    await release.promise;
    return addsOne('q3-turn-1')(request);
  });
  await server.ready(READY);
  const caller = stage.peer('asker', 'asker-turn');
  const to = { instance: 'q3-turn' };
  const first = caller.call(AddOne, { value: 1 }, { to });
  await started.promise;
  const expiresAt = new Date(Date.now() + 200);
  expect(await error(caller.call(AddOne, { value: 2 }, { to, expiresAt }))).toMatchObject({ code: 'timeout' });
  expect(await error(caller.call(AddOne, { value: 3 }, { to, expiresAt }))).toMatchObject({ outcome: 'not-handled' });
  release.resolve();
  expect((await first).value).toBe(2);
  await until('its turn has come', () => serving.counts().expired === 1);
  expect(serving.counts().handled).toBe(1);
});

test('Q8: a success has the status that the handler chose, and its phrase whatever characters are in it', async () => {
  const server = stage.peer('q8', 'q8-1');
  const reason = 'angenommen – später\r\nX: y';
  server.serve(AddOne, {}, ({ data }) => new Answer({ value: data.value, by: 'q8' }, 202, reason));
  await server.ready(READY);
  const reply = await stage.peer('asker', 'asker-q8').ask(AddOne, { value: 4 }, { to: { instance: 'q8' } });
  expect(reply).toMatchObject({ status: 202, reason, data: { value: 4, by: 'q8' } });
});

test.each([
  [404, false],
  [409, false],
  [429, true],
  [503, true],
])(
  'Q8: a refusal of %i reaches the caller with its phrase; that it may succeed later is %s',
  async (status, retryable) => {
    const server = stage.peer(`q8-${status}`, `q8-${status}-1`);
    server.serve(AddOne, {}, () => {
      throw new Refusal(status, 'not this one');
    });
    await server.ready(READY);
    const caller = stage.peer('asker', `asker-q8-${status}`);
    const failure = await error(caller.call(AddOne, { value: 1 }, { to: { instance: `q8-${status}` } }));
    expect(failure).toBeInstanceOf(ReplyError);
    expect(failure).toMatchObject({ code: 'refused', status, reason: 'not this one', retryable });
  },
);

test('Q9: where nobody serves, the error is clear, typed and immediate', async () => {
  const caller = stage.peer('asker', 'asker-q9');
  await caller.ready(READY);
  const ask = (): Promise<unknown> => error(caller.call(AddOne, { value: 1 }, { to: { instance: 'nobody' } }));
  await ask();
  const startedAt = performance.now();
  const failure = await ask();
  expect(performance.now() - startedAt).toBeLessThan(250);
  expect(failure).toBeInstanceOf(CallError);
  expect(failure).toMatchObject({ code: 'no-responders', outcome: 'not-handled' });
});

test.each(['a*', '>', 'a\r\nPUB x 0', 'a b', 'ä', '', 'x'.repeat(300)])(
  'names that could break a subject are refused with a type: %j',
  async (name) => {
    const caller = stage.peer('asker', 'asker-names');
    for (const to of [{ instance: name }, { replica: name }]) {
      const failure = await error(caller.call(AddOne, { value: 1 }, { to }));
      expect(failure).toBeInstanceOf(SubjectError);
      expect(failure).toMatchObject({ code: 'illegal-name' });
    }
    expect(() => caller.serve(AddOne, { instance: name }, addsOne('x'))).toThrow(SubjectError);
    expect(() => stage.peer(name, 'r-1')).toThrow(SubjectError);
    expect(() => stage.peer('i', name)).toThrow(SubjectError);
  },
);

test('V3: any NATS client asks and is answered, without our code and without our headers', async () => {
  const server = stage.peer('v3', 'v3-1');
  server.serve(AddOne, {}, addsOne('v3-1'));
  await server.ready(READY);
  const body = JSON.stringify({ version: 1, createdAt: new Date().toISOString(), data: { value: 41 } });
  const answer = await stage.broker.plain.request('longwave.v1.service.v3.sums.AddOne', body);
  expect(answer.json()).toMatchObject({ version: 1, data: { value: 42, by: 'v3-1' } });
  expect(answer.headers?.get('lw-status')).toBe('200');
  const wrong = await stage.broker.plain.request('longwave.v1.service.v3.sums.AddOne', '{}');
  expect(wrong.headers?.get('lw-status')).toBe('400');
});

test('V3: any NATS client answers, and two clients ask each other', async () => {
  const subject = 'longwave.v1.service.plain.sums.AddOne';
  const subscription = stage.broker.plain.subscribe(subject, {
    callback: (_refusal, message) => {
      const { data } = message.json<{ data: { value: number } }>();
      const reply = { version: 1, createdAt: new Date().toISOString(), data: { value: data.value * 2, by: 'plain' } };
      message.respond(JSON.stringify(reply));
    },
  });
  await stage.broker.plain.flush();
  const [ada, bob] = [stage.peer('ada', 'ada-1'), stage.peer('bob', 'bob-1')];
  for (const [peer, name] of [
    [ada, 'ada'],
    [bob, 'bob'],
  ] as const)
    peer.serve(AddOne, {}, addsOne(name));
  await Promise.all([ada.ready(READY), bob.ready(READY)]);
  expect(await ada.call(AddOne, { value: 21 }, { to: { instance: 'plain' } })).toEqual({ value: 42, by: 'plain' });
  expect((await ada.call(AddOne, { value: 1 }, { to: { instance: 'bob' } })).by).toBe('bob');
  expect((await bob.call(AddOne, { value: 1 }, { to: { instance: 'ada' } })).by).toBe('ada');
  subscription.unsubscribe();
});

test('headers in any case are read', async () => {
  const server = stage.peer('case', 'case-1');
  const received: unknown[] = [];
  server.serve(AddOne, {}, (request) => {
    received.push(request.correlationId);
    return addsOne('case')(request);
  });
  await server.ready(READY);
  const own = headers();
  own.set('CE-CorrelationID', 'c-1');
  const body = JSON.stringify({ version: 1, createdAt: new Date().toISOString(), data: { value: 1 } });
  const answer = await stage.broker.plain.request('longwave.v1.service.case.sums.AddOne', body, {
    headers: own,
    timeout: 5_000,
  });
  expect(received).toEqual(['c-1']);
  expect(decodeMetadata({ 'ce-correlationid': answer.headers?.get('ce-correlationid') ?? '' }).correlationId).toBe(
    'c-1',
  );
});
