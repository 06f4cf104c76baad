// How often and how soon a message that failed is tried again.

export type RetryPolicy = {
  /** After so many failed attempts the message goes to the dead letters. */
  readonly attemptsMax: number;
  readonly delayMsMin: number;
  readonly delayMsMax: number;
};

/** About five minutes in all: long enough for a restart of most things a handler needs. */
export const retryPolicyDefault: RetryPolicy = { attemptsMax: 12, delayMsMin: 100, delayMsMax: 60_000 };

/**
 * Milliseconds to wait after the `attempt`-th failure (from 1): doubling, with full jitter in the upper half, so that
 * messages that failed together do not come back together. `random` is in [0, 1).
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, random: number): number {
  const ceiling = Math.min(policy.delayMsMax, policy.delayMsMin * 2 ** Math.min(attempt - 1, 30));
  return Math.round(ceiling * (0.5 + random / 2));
}
