// Waits in tests for something to become true, instead of sleeping and hoping.
import { setTimeout } from 'node:timers/promises';

/** Resolves once `isTrue`; rejects with `what` after `withinMs`. */
export async function until(what: string, isTrue: () => boolean, withinMs = 5_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await setTimeout(5);
  }
}
