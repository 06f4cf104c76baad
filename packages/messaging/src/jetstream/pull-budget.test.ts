// U1 and U9 with a server of a few lines: it delivers what fits into the oldest request, and ends a request that is full, or
// into which the next message does not fit.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkProperty } from '../../test/support/check-property.ts';
import { PullBudget } from './pull-budget.ts';

type Request = { number: number; messages: number; bytes: number };

const nothing = { messages: 0, bytes: 0 };

test('U1, U9: whatever the sizes, everything arrives and no more is in hand than there is room for', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 60 });
  const prefetches = fc.integer({ min: 1, max: 20 });
  checkProperty([sizes, prefetches, fc.integer({ min: 1, max: 4 })], (backlog, prefetch, settleEvery) => {
    const budget = new PullBudget({ prefetch, prefetchBytes: 1_000 }, nothing);
    const requests: Request[] = [];
    const inHand: number[] = [];
    const ask = (): void => {
      for (let next = budget.next(); next !== null; next = budget.next())
        requests.push({
          number: next.number,
          messages: next.request.batch,
          bytes: next.request.max_bytes ?? Number.POSITIVE_INFINITY,
        });
    };
    const left = [...backlog];
    for (let turn = 0; left.length > 0; turn += 1) {
      expect(turn).toBeLessThan(20 * backlog.length + 20);
      ask();
      const [request] = requests;
      const [size = 0] = left;
      if (request !== undefined && size > request.bytes) {
        requests.shift();
        budget.ended(request.number, { messages: request.messages, bytes: request.bytes }, true);
      } else if (request !== undefined) {
        left.shift();
        inHand.push(size);
        request.messages -= 1;
        request.bytes -= size;
        budget.delivered(size);
        if (request.messages === 0) {
          requests.shift();
          const bytes = Number.isFinite(request.bytes) ? request.bytes : 0;
          budget.ended(request.number, { messages: 0, bytes }, false);
        }
      }
      expect(inHand.length + budget.requested).toBeLessThanOrEqual(prefetch);
      const bytes = inHand.reduce((sum, one) => sum + one, 0);
      expect(inHand.length === 1 || bytes <= 1_000).toBe(true);
      if (turn % settleEvery > 0) continue;
      const settled = inHand.shift();
      if (settled !== undefined) budget.released(settled);
    }
  });
});

test('U9: a message that does not fit is not asked for again before something was let go of', () => {
  const budget = new PullBudget({ prefetch: 4, prefetchBytes: 1_000 }, { messages: 1, bytes: 400 });
  const next = budget.next();
  expect(next?.request).toEqual({ batch: 2, max_bytes: 500 });
  budget.ended(next?.number ?? 0, { messages: 2, bytes: 500 }, true);
  expect(budget.next()).toBeNull();
  budget.released(400);
  expect(budget.next()?.request).toEqual({ batch: 1 });
});

test('U1: half of the places are asked for at once, so that one request is on its way while another is answered', () => {
  const budget = new PullBudget({ prefetch: 64, prefetchBytes: 8_000 }, nothing);
  expect([budget.next(), budget.next(), budget.next()].map((next) => next?.request)).toEqual([
    { batch: 32, max_bytes: 4_000 },
    { batch: 32, max_bytes: 4_000 },
    undefined,
  ]);
});

test('U1, U9: between two words of the server no more than two requests are made, whatever the limits and what is held', () => {
  const limit = fc.oneof(fc.integer({ min: -1, max: 10_000 }), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY));
  const held = fc.integer({ min: 0, max: 20_000 });
  checkProperty([limit, held, held], (prefetch, messages, bytes) => {
    const budget = new PullBudget({ prefetch, prefetchBytes: 8_000 }, { messages, bytes });
    let requests = 0;
    while (requests < 100 && budget.next() !== null) requests += 1;
    expect(requests).toBeLessThanOrEqual(2);
  });
});
