// Routes of requests behind middlewares, served by a peer: the same on JetStream and on the broker in memory.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { quietLog } from '@longwave/embedded/testing';
import { systemTime, type Backend } from '@longwave/messaging';
import { createMemoryBackend } from '@longwave/messaging/memory';
import {
  cached,
  correlatedLog,
  requestPipeline,
  startMessageServer,
  timeLimit,
  type MessageServer,
  type Middleware,
  type RequestRoute,
} from '@longwave/messaging/router';
import { Answer, Refusal, type Peer } from '@longwave/messaging/request';
import { AddOne, AddOneAgain, peersOn, READY, setStage, SumChanged } from './support/peers.ts';
import { testSource } from './support/reading.ts';
import { until } from './support/until.ts';

type Stage = { readonly backend: Backend; peer(instance: string, replica: string): Peer; close(): Promise<void> };

async function openJetStream(): Promise<Stage> {
  const { broker, peer, close } = await setStage();
  return { backend: broker.backend(), peer, close };
}

async function openMemory(): Promise<Stage> {
  const backend = createMemoryBackend({ time: systemTime });
  const { peer, stop } = peersOn(() => backend.replica());
  return { backend, peer, close: stop };
}

describe.each([
  ['JetStream', openJetStream],
  ['memory', openMemory],
])('on %s', (_name, open) => {
  let stage: Stage;
  let asker: Peer;
  const servers: MessageServer[] = [];

  beforeAll(async () => {
    stage = await open();
    asker = stage.peer('asker', 'asker-1');
    await asker.ready(READY);
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop({ withinMs: 1_000 })));
    await stage.close();
  });

  async function serve(instance: string, ...routes: readonly RequestRoute[]): Promise<MessageServer> {
    const peer = stage.peer(instance, `${instance}-1`);
    const server = startMessageServer(stage.backend, {
      queues: [],
      requests: { peer, routes },
      source: testSource,
      log: quietLog,
      time: systemTime,
      random: () => 0.5,
    });
    servers.push(server);
    await peer.ready(READY);
    return server;
  }
  const ask = (instance: string, value: number): Promise<{ readonly value: number; readonly by: string }> =>
    asker.call(AddOne, { value }, { to: { instance } });

  test('S1, S2: a request goes through the middlewares, and its answer the other way', async () => {
    const steps: string[] = [];
    const user: Middleware<{ readonly user: string }> = async ({ message }, _context, next) => {
      steps.push('in');
      const answer = await next({ user: message.actor ?? 'nobody' });
      steps.push('out');
      return answer;
    };
    const route = requestPipeline()
      .use(user)
      .use(correlatedLog())
      .serve(AddOne, {}, ({ data }, context) => {
        steps.push(`${context.user} has until ${context.expiresAt === undefined ? 'ever' : 'then'}`);
        return new Answer({ value: data.value + 1, by: context.user }, 201);
      });
    await serve('n1', route);
    const cause = { correlationId: 'c', actor: 'user:ada' };
    const reply = await asker.ask(AddOne, { value: 1 }, { to: { instance: 'n1' }, cause });
    expect(reply).toMatchObject({ status: 201, data: { value: 2, by: 'user:ada' } });
    expect(steps).toEqual(['in', 'user:ada has until then', 'out']);
  });

  test('S3: a refusal of a middleware is the answer, and no handler runs', async () => {
    let runs = 0;
    const nobody: Middleware = () => {
      throw new Refusal(403, 'not you');
    };
    const handle = (): { readonly value: number; readonly by: string } => ({ value: (runs += 1), by: 'n3' });
    await serve('n3', requestPipeline().use(nobody).serve(AddOne, {}, handle));
    await expect(ask('n3', 1)).rejects.toMatchObject({ status: 403, reason: 'not you' });
    expect(runs).toBe(0);
  });

  test('S7: a request that is not answered in time is answered 504, and its handler told', async () => {
    const told = Promise.withResolvers<unknown>();
    const route = requestPipeline()
      .use(timeLimit({ limitMs: 30, time: systemTime }))
      .serve(AddOne, {}, async ({ data }, { signal }) => {
        if (data.value > 1) return { value: data.value, by: 'n7' };
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        told.resolve(signal.reason);
        throw new Error('too late to matter');
      });
    await serve('n7', route);
    await expect(ask('n7', 1)).rejects.toMatchObject({ status: 504, retryable: true });
    expect(await told.promise).toMatchObject({ code: 'time-limit' });
    expect(await ask('n7', 2)).toEqual({ value: 2, by: 'n7' });
  });

  test('S9: a cached answer has the status and the data of the first, and costs no handler', async () => {
    let runs = 0;
    const answers = cached({ ttlMs: 60_000, time: systemTime });
    const counted = ({ data }: { readonly data: { readonly value: number } }) => {
      runs += 1;
      return new Answer({ value: data.value, by: `run ${runs}` }, 203);
    };
    const pipeline = requestPipeline().use(answers);
    await serve('n9', pipeline.serve(AddOne, {}, counted), pipeline.serve(AddOneAgain, {}, counted));
    const replies = [];
    for (const value of [1, 1, 2]) replies.push(await asker.ask(AddOne, { value }, { to: { instance: 'n9' } }));
    replies.push(await asker.ask(AddOneAgain, { value: 1 }, { to: { instance: 'n9' } }));
    expect(replies.map(({ data }) => data.by)).toEqual(['run 1', 'run 1', 'run 2', 'run 3']);
    expect(replies.every(({ status }) => status === 203)).toBe(true);
  });

  test('S4: of requests that are served already none is served a second time, nor any that came with them', async () => {
    const route = (type: typeof AddOne): RequestRoute =>
      requestPipeline().serve(type, {}, ({ data }) => ({ value: data.value, by: 'n4' }));
    await expect(serve('n4', route(AddOneAgain), route(AddOne), route(AddOne))).rejects.toThrow(
      'serves sums.AddOne already',
    );
    await expect(asker.call(AddOneAgain, { value: 1 }, { to: { instance: 'n4' } })).rejects.toMatchObject({
      code: 'no-responders',
    });
  });

  test('S6: a server that stops answers what runs, and leaves its peer to those who have it', async () => {
    const gate = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const heard: number[] = [];
    asker.serve(SumChanged, {}, ({ data }) => void heard.push(data.sum));
    await asker.ready(READY);
    const route = requestPipeline().serve(AddOne, {}, async ({ data }, { reply }) => {
      started.resolve();
      await gate.promise;
      await reply(SumChanged, { sum: data.value });
      return { value: data.value, by: 'n6' };
    });
    const server = await serve('n6', route);
    const asked = ask('n6', 7);
    await started.promise;
    const stopped = server.stop({ withinMs: 10_000 });
    gate.resolve();
    expect(await asked).toEqual({ value: 7, by: 'n6' });
    await stopped;
    await until('the notice was heard', () => heard.length === 1);
    await expect(ask('n6', 8)).rejects.toMatchObject({ code: 'no-responders' });
  });
});
