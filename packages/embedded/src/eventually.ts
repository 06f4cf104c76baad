// Waiting for another process: it announces nothing, so the only way is to ask again until a deadline.
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/**
 * Asks `condition` every `pollMs` until it gives something other than `undefined`, and gives that.
 * Gives `undefined` when it has not within `deadlineMs`. What `condition` throws passes through.
 */
export async function eventually<T>(
  condition: () => T | undefined | Promise<T | undefined>,
  deadlineMs: number,
  pollMs = POLL_MS,
): Promise<T | undefined> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const found = await condition();
    if (found !== undefined || performance.now() >= end) return found;
    await sleep(pollMs);
  }
}
