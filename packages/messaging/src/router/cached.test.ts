// Answers that are given again (S9), on a clock that the test owns.
import { beforeEach, expect, test } from '@jest/globals';
import { VirtualTime } from '../memory/virtual-time.ts';
import { answerLater } from '../request/answer.ts';
import { cached, type CacheOptions } from './cached.ts';
import type { RouteContext } from './middleware.ts';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const context: RouteContext = { cause: { correlationId: 'c' }, log: silent, signal: new AbortController().signal };

let time: VirtualTime;
let runs: number;
beforeEach(() => {
  time = new VirtualTime(new Date(0));
  runs = 0;
});

function asker(options: Partial<CacheOptions> = {}) {
  const middleware = cached({ ttlMs: 5_000, time, ...options });
  return (data: unknown, actor?: string, answer: () => unknown = () => `answer ${(runs += 1)}`): Promise<unknown> => {
    const common = { id: 'i', correlationId: 'c', createdAt: time.now(), subject: 's', data };
    const message = actor === undefined ? common : { ...common, actor };
    return middleware({ kind: 'request', name: 'Echo', message }, context, async () => answer());
  };
}

test('S9: an answer is given again for its time to live, and no longer', async () => {
  const ask = asker();
  expect(await ask({ text: 'a' })).toBe('answer 1');
  await time.advance(4_999);
  expect(await ask({ text: 'a' })).toBe('answer 1');
  await time.advance(1);
  expect(await ask({ text: 'a' })).toBe('answer 2');
});

test('S9: what differs in anything has an answer of its own: also what JSON cannot tell apart, and another actor', async () => {
  const ask = asker();
  const questions = [{ at: new Map([[1, 2]]) }, { at: new Map([[1, 3]]) }, { at: 1n }, { at: 1 }, { at: '1' }];
  for (const question of questions) await ask(question);
  for (const actor of ['user:ada', 'user:bob']) await ask({ at: 1 }, actor);
  expect(runs).toBe(questions.length + 2);
});

test('S9: neither a failure nor an answer that comes later is kept', async () => {
  const ask = asker();
  const fail = (): never => {
    throw new Error('not now');
  };
  await expect(ask({ text: 'a' }, undefined, fail)).rejects.toThrow('not now');
  expect(await ask({ text: 'a' }, undefined, () => answerLater)).toBe(answerLater);
  expect(await ask({ text: 'a' })).toBe('answer 1');
});

test('S9: no more than so many answers are kept, and the oldest go', async () => {
  const ask = asker({ entriesMax: 2 });
  for (const text of ['a', 'b', 'c']) await ask({ text });
  expect(await ask({ text: 'c' })).toBe('answer 3');
  expect(await ask({ text: 'b' })).toBe('answer 2');
  expect(await ask({ text: 'a' })).toBe('answer 4');
});

test('S9: a clock that is set back keeps no answer for good', async () => {
  let nowMs = 1_000_000;
  const ask = asker({ time: { now: () => new Date(nowMs), after: () => () => undefined } });
  await ask({ text: 'a' });
  nowMs -= 3_600_000;
  expect(await ask({ text: 'a' })).toBe('answer 2');
});

test.each([{ ttlMs: Number.NaN }, { ttlMs: 0 }, { entriesMax: Number.NaN }, { entriesMax: 0 }])(
  'S9: a cache with %j, which keeps nothing or everything, is refused',
  (wrong) => {
    expect(() => cached({ ttlMs: 5_000, time, ...wrong })).toThrow(RangeError);
  },
);
