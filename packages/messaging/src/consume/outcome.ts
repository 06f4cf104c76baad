// What a handler's end means: the whole protocol between a handler and the consumer, in one function.
import { Reject, Unavailable } from '../errors.ts';
import { retryDelayMs, type RetryPolicy } from './retry-policy.ts';

export type Outcome =
  | { readonly kind: 'done' }
  /** It was too late for it; no handler ran. */
  | { readonly kind: 'expired' }
  /** Try again after `delayMs`. `counts`: whether it was an attempt. */
  | { readonly kind: 'retry'; readonly delayMs: number; readonly counts: boolean; readonly error: unknown }
  | { readonly kind: 'dead-letter'; readonly cause: 'rejected' | 'attempts-exhausted'; readonly error: unknown };

/** `attempts`: failed attempts before this one. `waits`: how often it was unavailable before. */
export function outcomeOfError(
  error: unknown,
  history: { readonly attempts: number; readonly waits: number },
  policy: RetryPolicy,
  random: number,
): Outcome {
  if (error instanceof Reject) return { kind: 'dead-letter', cause: 'rejected', error };
  if (error instanceof Unavailable) {
    return { kind: 'retry', delayMs: retryDelayMs(policy, history.waits + 1, random), counts: false, error };
  }
  const attempt = history.attempts + 1;
  if (attempt >= policy.attemptsMax) return { kind: 'dead-letter', cause: 'attempts-exhausted', error };
  return { kind: 'retry', delayMs: retryDelayMs(policy, attempt, random), counts: true, error };
}
