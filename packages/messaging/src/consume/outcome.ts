// What a handler's end means: the whole protocol between a handler and the consumer, in one function.
import { Reject, Unavailable } from '../errors.ts';
import { retryDelayMs, type RetryPolicy } from './retry-policy.ts';

export type Outcome =
  | { readonly kind: 'done' }
  /** It was too late for it; no handler ran. */
  | { readonly kind: 'expired' }
  /** Try again after `delayMs`. `counts`: whether it was an attempt. */
  | { readonly kind: 'retry'; readonly delayMs: number; readonly counts: boolean; readonly error: unknown }
  /** `attempts`: how many it has cost. */
  | { readonly kind: 'dead-letter'; readonly cause: GivenUp; readonly attempts: number; readonly error: unknown };

/** Why a message is not tried again. */
export type GivenUp = 'rejected' | 'attempts-exhausted' | 'crashed';

/** `attempts`: failed attempts before this one. `waits`: how often it was unavailable before. */
export function outcomeOfError(
  error: unknown,
  history: { readonly attempts: number; readonly waits: number },
  policy: RetryPolicy,
  random: number,
): Outcome {
  if (error instanceof Reject) return { kind: 'dead-letter', cause: 'rejected', attempts: 1, error };
  if (error instanceof Unavailable) {
    return { kind: 'retry', delayMs: retryDelayMs(policy, history.waits + 1, random), counts: false, error };
  }
  const attempt = history.attempts + 1;
  if (attempt >= policy.attemptsMax) return { kind: 'dead-letter', cause: 'attempts-exhausted', attempts: 1, error };
  return { kind: 'retry', delayMs: retryDelayMs(policy, attempt, random), counts: true, error };
}
