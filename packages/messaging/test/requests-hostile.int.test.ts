// What requests promise whoever answers and whoever asks (Q10, Q14, Q15): hostile replies, requests and handlers.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { quietLog } from '@longwave/embedded/testing';
import { PAYLOAD_BYTES_MAX } from '@longwave/messaging/contract';
import { startPeer, type Peer } from '@longwave/messaging/request';
import { Unavailable } from '@longwave/messaging';
import { headers, type Msg } from '@nats-io/transport-node';
import { createMemoryBackend, VirtualTime } from '@longwave/messaging/memory';
import { keepLog } from './support/log-lines.ts';
import { AddOne, addsOne, READY, setStage, type Stage } from './support/peers.ts';
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
const envelope = (data: unknown, version = 1): string =>
  JSON.stringify({ version, createdAt: new Date().toISOString(), data });

/** A server that answers one request with whatever `respond` makes of it. */
async function hostile(instance: string, respond: (message: Msg) => void): Promise<void> {
  const callback = (_refusal: Error | null, message: Msg): void => respond(message);
  stage.broker.plain.subscribe(`longwave.v1.service.${instance}.sums.AddOne`, { callback });
  await stage.broker.plain.flush();
}

function withStatus(status: string): ReturnType<typeof headers> {
  const own = headers();
  own.set('lw-status', status);
  return own;
}

const NESTED = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

test.each([
  ['nothing', '', undefined],
  ['not JSON', 'hello', undefined],
  ['not UTF-8', new Uint8Array([0xff, 0xfe]), undefined],
  ['no envelope', '{"value":2}', undefined],
  ['data that the schema refuses', envelope({ value: 'two' }), undefined],
  ['a newer version', envelope({ value: 2, by: 'x' }, 2), undefined],
  ['a status that is none', envelope({ value: 2, by: 'x' }), '2000'],
  ['a status of words', envelope({ value: 2, by: 'x' }), 'OK'],
  ['an informational status', envelope({ value: 2, by: 'x' }), '100'],
  ['too much', `"${'x'.repeat(PAYLOAD_BYTES_MAX)}"`, undefined],
  ['data nested without end', `{"version":1,"createdAt":"2026-01-01T00:00:00Z","data":${NESTED}}`, undefined],
])('Q10: a reply of %s is an error of that call, and of no other', async (title, payload, status) => {
  const instance = `hostile-${title.replace(/[^a-z]/gi, '-')}`;
  await hostile(instance, (message) => {
    message.respond(payload, status === undefined ? {} : { headers: withStatus(status) });
    message.respond(payload); // and once more, when nobody waits for it
  });
  expect(await error(ask(instance))).toMatchObject({ name: 'CallError', code: 'bad-reply', outcome: 'unknown' });
  expect(await error(ask('nobody'))).toMatchObject({ code: 'no-responders' });
});

test('Q10: a reply that is forged under a number nobody waits for is counted and forgotten', async () => {
  const before = caller.counts().late;
  stage.broker.plain.publish('longwave.v1.replica.asker-1.sums.0forged-1', envelope({ value: 2, by: 'x' }));
  await until('it is counted', () => caller.counts().late === before + 1);
});

test('Q10: a caller that gives up is told so at once, and what comes later is late', async () => {
  const server = stage.peer('slow', 'slow-1');
  const release = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  server.serve(AddOne, {}, async (request) => {
    started.resolve();
    await release.promise;
    return addsOne('slow-1')(request);
  });
  await server.ready(READY);
  const giving = new AbortController();
  const to = { instance: 'slow' };
  const waiting = error(caller.call(AddOne, { value: 1 }, { to, signal: giving.signal }));
  await started.promise;
  giving.abort();
  expect(await waiting).toMatchObject({ code: 'aborted', outcome: 'unknown' });
  const refused = error(caller.call(AddOne, { value: 1 }, { to, signal: giving.signal }));
  expect(await refused).toMatchObject({ code: 'aborted', outcome: 'not-handled' });
  const { late } = caller.counts();
  release.resolve();
  await until('the answer has come too late', () => caller.counts().late === late + 1);
});

test('Q14: an unexpected error shows as an id that stands in the log; its text stays there', async () => {
  const { log, lines } = keepLog();
  const server = stage.peer('secret', 'secret-1', { log });
  server.serve(AddOne, {}, ({ data }) => {
    if (data.value === 1) throw new Error('password is hunter2');
    throw new Unavailable('postgres://user:hunter2@db is away');
  });
  await server.ready(READY);
  const [one, two] = [1, 2].map((value) => error(caller.call(AddOne, { value }, { to: { instance: 'secret' } })));
  expect(await one).toMatchObject({ status: 500, retryable: true });
  expect(await two).toMatchObject({ status: 503, retryable: true });
  expect(JSON.stringify([await one, await two]) + String(await one) + String(await two)).not.toContain('hunter2');
  const logged = lines.find(({ message }) => message === 'request failed');
  expect(String(await one)).toContain(String(logged?.fields['errorId']));
});

test('Q14: a handler that returns what its contract forbids is an unexpected error; the serving lives', async () => {
  const server = stage.peer('wrong', 'wrong-1');
  let isWrong = true;
  // What a handler written in JavaScript could return.
  const wrong = { value: 'x' } as unknown as { value: number; by: string };
  server.serve(AddOne, {}, (request) => (isWrong ? wrong : addsOne('wrong-1')(request)));
  await server.ready(READY);
  expect(await error(ask('wrong'))).toMatchObject({ status: 500 });
  isWrong = false;
  expect(await ask('wrong')).toMatchObject({ value: 2 });
});

test('Q14: a handler that throws what nobody can read is an unexpected error; the serving lives', async () => {
  const fail = (): never => {
    throw new Error('nobody may look');
  };
  const server = stage.peer('thrower', 'thrower-1');
  server.serve(AddOne, { concurrency: 1 }, () => Promise.reject(new Proxy({}, { get: fail, getPrototypeOf: fail })));
  await server.ready(READY);
  for (const _ of [1, 2]) expect(await error(ask('thrower'))).toMatchObject({ name: 'ReplyError', status: 500 });
});

test('Q14: whatever is sent as a request, the serving and the connection live', async () => {
  const server = stage.peer('target', 'target-1');
  const serving = server.serve(AddOne, {}, addsOne('target-1'));
  await server.ready(READY);
  const subject = 'longwave.v1.service.target.sums.AddOne';
  const payloads = [
    '',
    'hello',
    new Uint8Array([0xff]),
    '{}',
    envelope({ value: 'x' }),
    NESTED,
    envelope({ value: 1 }, 0),
  ];
  for (const payload of payloads) {
    const answer = await stage.broker.plain.request(subject, payload, { timeout: 5_000 });
    expect(answer.headers?.get('lw-status')).toBe('400');
  }
  const newer = await stage.broker.plain.request(subject, envelope({ value: 1 }, 2), { timeout: 5_000 });
  expect(newer.headers?.get('lw-status')).toBe('503');
  expect(serving.counts()).toMatchObject({ unreadable: payloads.length + 1, handled: 0 });
  expect(await ask('target')).toMatchObject({ value: 2 });
});

test.each([
  '$JS.API.STREAM.DELETE.events',
  'test.meter.m1.read',
  'longwave.v1.events.a.b.c.d',
  '>',
  '_INBOX.*',
  'a..b',
])('Q15: a request that wants its answer on %s is dropped and counted: nothing is written there', async (replyTo) => {
  const instance = `deputy-${replyTo.replace(/[^a-zA-Z]/g, '-')}`;
  const server = stage.peer(instance, `${instance}-1`);
  const serving = server.serve(AddOne, {}, addsOne('deputy'));
  await server.ready(READY);
  const body = envelope({ value: 1 });
  stage.broker.plain.publish(`longwave.v1.service.${instance}.sums.AddOne`, body, { reply: replyTo });
  stage.broker.plain.publish(`longwave.v1.replica.${instance}-1.sums.Nothing`, body, { reply: replyTo });
  await until('it is counted', () => serving.counts().unanswerable === 1 && server.counts().notServed === 1);
  expect(serving.counts().handled).toBe(0);
  expect((await stage.broker.manager.streams.info('events')).state.messages).toBe(0);
});

test('a back-end without live messages is refused by the compiler', () => {
  const { live: _live, ...streams } = createMemoryBackend({ time: new VirtualTime() });
  const options = {
    source: { instance: 'a', replica: 'a-1' },
    time: new VirtualTime(),
    newId: () => 'x',
    log: quietLog,
  };
  // @ts-expect-error -- it has no `live`
  expect(() => startPeer(streams, options)).toThrow(TypeError);
});
