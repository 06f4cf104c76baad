// Session affinity (Q7): answers and other messages find the replica that asked, now or later, from here or elsewhere.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SubjectError } from '@longwave/messaging/contract';
import { Answer, answerLater, parseReplyTo, type ReplyTo } from '@longwave/messaging/request';
import { AddOne, addsOne, READY, setStage, SumChanged, type Stage } from './support/peers.ts';
import { until } from './support/until.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
});

afterAll(() => stage.close());

test('Q7: of two replicas that ask, each gets its own answers, and what else is sent to where it asked from', async () => {
  const server = stage.peer('q7', 'q7-1');
  server.serve(AddOne, {}, async (request, { reply }) => {
    await reply(SumChanged, { sum: request.data.value * 10 });
    return addsOne('q7-1')(request);
  });
  const heard: unknown[] = [];
  const askers = ['asker-1', 'asker-2'].map((replica) => {
    const peer = stage.peer('asker', replica);
    peer.serve(SumChanged, {}, ({ data, correlationId, source }) => {
      heard.push({ replica, ...data, correlationId, by: source?.replica });
    });
    return peer;
  });
  await Promise.all([server, ...askers].map((peer) => peer.ready(READY)));
  const answers = await Promise.all(
    askers.map((peer, index) =>
      peer.call(AddOne, { value: index + 1 }, { to: { instance: 'q7' }, cause: { correlationId: `c-${index + 1}` } }),
    ),
  );
  expect(answers.map(({ value }) => value)).toEqual([2, 3]);
  await until('both have heard', () => heard.length === 2);
  expect(heard).toEqual(
    expect.arrayContaining([
      { replica: 'asker-1', sum: 10, correlationId: 'c-1', by: 'q7-1' },
      { replica: 'asker-2', sum: 20, correlationId: 'c-2', by: 'q7-1' },
    ]),
  );
});

test('Q7: where a request came from can be kept as JSON, and another process answers it later', async () => {
  const front = stage.peer('front', 'front-1');
  const kept = Promise.withResolvers<string>();
  front.serve(AddOne, {}, (_request, { replyTo }) => {
    kept.resolve(JSON.stringify(replyTo));
    return answerLater;
  });
  await front.ready(READY);
  const asker = stage.peer('asker', 'asker-late');
  const sums: number[] = [];
  asker.serve(SumChanged, {}, ({ data }) => void sums.push(data.sum));
  await asker.ready(READY);
  const cause = { correlationId: 'c-late', actor: 'user:ada' };
  const waiting = asker.ask(AddOne, { value: 1 }, { to: { instance: 'front' }, cause });
  const replyTo = parseReplyTo(JSON.parse(await kept.promise));
  await front.stop({ withinMs: 1_000 });
  const back = stage.peer('back', 'back-1');
  await back.answer(replyTo, AddOne, new Answer({ value: 2, by: 'back-1' }, 201, 'at last'));
  const reply = await waiting;
  expect(reply).toMatchObject({ status: 201, reason: 'at last', data: { value: 2, by: 'back-1' } });
  expect(reply.metadata()).toMatchObject({ ...cause, causationId: replyTo.requestId });
  await back.notify(SumChanged, { sum: 3 }, { to: { replyTo } });
  await until('the replica that asked has heard it', () => sums.length === 1);
});

test('Q7: the place of a request can be asked itself: the conversation goes on with the same replica', async () => {
  const places: ReplyTo[] = [];
  const server = stage.peer('both', 'both-1');
  server.serve(AddOne, {}, (request, { replyTo }) => {
    if (replyTo !== null) places.push(replyTo);
    return addsOne('both-1')(request);
  });
  const askers = ['pair-1', 'pair-2'].map((replica) => stage.peer('pair', replica));
  for (const [index, peer] of askers.entries()) peer.serve(AddOne, {}, addsOne(`pair-${index + 1}`));
  await Promise.all([server, ...askers].map((peer) => peer.ready(READY)));
  await askers[1]?.call(AddOne, { value: 1 }, { to: { instance: 'both' } });
  const [replyTo] = places;
  if (replyTo === undefined) throw new Error('it was asked');
  for (let round = 0; round < 5; round += 1) {
    expect((await server.call(AddOne, { value: 1 }, { to: { replyTo } })).by).toBe('pair-2');
  }
});

test('Q7: without a place there is an error with a type, and a forged place is none', async () => {
  const server = stage.peer('placeless', 'placeless-1');
  const failure = Promise.withResolvers<unknown>();
  server.serve(AddOne, {}, async (request, { reply }) => {
    await reply(SumChanged, { sum: 1 }).catch(failure.resolve);
    return addsOne('placeless-1')(request);
  });
  await server.ready(READY);
  const body = JSON.stringify({ version: 1, createdAt: new Date().toISOString(), data: { value: 1 } });
  stage.broker.plain.publish('longwave.v1.service.placeless.sums.AddOne', body);
  expect(await failure.promise).toMatchObject({ name: 'SubjectError', code: 'illegal-reply-subject' });
  const forged = { subject: '$JS.API.STREAM.PURGE.events', requestId: 'r', correlationId: 'c' };
  await expect(server.answer(forged, AddOne, { value: 1, by: 'x' })).rejects.toThrow(SubjectError);
  await expect(server.notify(SumChanged, { sum: 1 }, { to: { replyTo: forged } })).rejects.toThrow(SubjectError);
});
