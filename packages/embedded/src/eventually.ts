// Waiting for another process: it announces nothing, so the only way is to ask again until a deadline.
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/**
 * Asks `condition` every `pollMs` until it gives something other than `undefined`, and gives that.
 * Gives `undefined` when it has not within `deadlineMs`, also when the condition itself hangs. What `condition` throws
 * passes through.
 */
export async function eventually<T>(
  condition: () => T | undefined | Promise<T | undefined>,
  deadlineMs: number,
  pollMs = POLL_MS,
): Promise<T | undefined> {
  const end = performance.now() + deadlineMs;
  const over = new AbortController();
  const late = sleep(deadlineMs, undefined, { signal: over.signal }).catch(() => undefined); // aborted: it was in time
  try {
    for (;;) {
      const found = await Promise.race([condition(), late]);
      if (found !== undefined || performance.now() >= end) return found;
      await sleep(pollMs);
    }
  } finally {
    over.abort();
  }
}
