// Waits for a condition, with a deadline: the tests never sleep.
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 5;

/** Throws an Error that names `what` when `condition` does not hold within `withinMs`. */
export async function until(condition: () => boolean, what: string, withinMs = 5_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`did not happen within ${withinMs} ms: ${what}`);
    await pause(POLL_MS);
  }
}
