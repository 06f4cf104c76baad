// What a handler's end means, as a table, and how long a retry waits.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkProperty } from '../../test/support/check-property.ts';
import { Reject, Unavailable } from '../errors.ts';
import { outcomeOfError } from './outcome.ts';
import { retryDelayMs, retryPolicyDefault, type RetryPolicy } from './retry-policy.ts';

const policy: RetryPolicy = { attemptsMax: 3, delayMsMin: 100, delayMsMax: 1_000 };

describe('how a handler ends', () => {
  test.each([
    ['an error the first time', new Error(), { attempts: 0, waits: 0 }, { kind: 'retry', counts: true, delayMs: 100 }],
    ['an error the second time', new Error(), { attempts: 1, waits: 0 }, { kind: 'retry', counts: true, delayMs: 200 }],
    [
      'an error the last time',
      new Error(),
      { attempts: 2, waits: 0 },
      { kind: 'dead-letter', cause: 'attempts-exhausted' },
    ],
    ['no error object at all', null, { attempts: 0, waits: 0 }, { kind: 'retry', counts: true, delayMs: 100 }],
    ['a rejection', new Reject(), { attempts: 0, waits: 0 }, { kind: 'dead-letter', cause: 'rejected' }],
    ['away', new Unavailable(), { attempts: 0, waits: 0 }, { kind: 'retry', counts: false, delayMs: 100 }],
    ['away, with one attempt left', new Unavailable(), { attempts: 2, waits: 0 }, { kind: 'retry', counts: false }],
    ['away for the hundredth time', new Unavailable(), { attempts: 0, waits: 99 }, { kind: 'retry', delayMs: 1_000 }],
  ] as const)('%s', (_what, error, history, expected) => {
    expect(outcomeOfError(error, history, policy, 0.999_999)).toMatchObject({ ...expected, error });
  });
});

describe('a retry', () => {
  test('G3: waits at least half of its ceiling, never longer than it, and the ceiling never falls', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    checkProperty([fc.integer({ min: 1, max: 10_000 }), random], (attempt, chance) => {
      const ceiling = retryDelayMs(policy, attempt, 1);
      const delay = retryDelayMs(policy, attempt, chance);
      expect(delay).toBeGreaterThanOrEqual(Math.floor(ceiling / 2));
      expect(delay).toBeLessThanOrEqual(ceiling);
      expect(ceiling).toBeLessThanOrEqual(policy.delayMsMax);
      expect(retryDelayMs(policy, attempt + 1, 1)).toBeGreaterThanOrEqual(ceiling);
    });
  });

  test('of the default policy takes about five minutes in all', () => {
    const attempts = Array.from({ length: retryPolicyDefault.attemptsMax - 1 }, (_, index) => index + 1);
    const totalMs = attempts.reduce((sum, attempt) => sum + retryDelayMs(retryPolicyDefault, attempt, 0.5), 0);
    expect(totalMs / 60_000).toBeGreaterThan(1.5);
    expect(totalMs / 60_000).toBeLessThan(6);
  });
});
