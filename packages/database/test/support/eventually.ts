// Waits for a condition instead of sleeping: tests are as fast as what they test, and say what they waited for.
import { setTimeout as delay } from 'node:timers/promises';

/** Resolves with the condition's first value that is neither undefined nor false; rejects after the deadline. */
export async function eventually<Value>(
  what: string,
  withinMs: number,
  condition: () => Promise<Value | undefined | false> | Value | undefined | false,
): Promise<Value> {
  const end = performance.now() + withinMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(10);
  }
}
