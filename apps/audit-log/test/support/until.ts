// Waiting for something that announces nothing: ask again until a deadline, then fail with what was awaited.
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 10;
const DEADLINE_MS = 20_000;

/** Resolves with the first value of `ask` that is not undefined. Throws after `deadlineMs`, naming `what`. */
export async function until<Value>(
  what: string,
  ask: () => Promise<Value | undefined>,
  deadlineMs = DEADLINE_MS,
): Promise<Value> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const value = await ask();
    if (value !== undefined) return value;
    if (performance.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await sleep(POLL_MS);
  }
}

/** Resolves once `condition` holds. */
export async function untilTrue(what: string, condition: () => Promise<boolean>, deadlineMs?: number): Promise<void> {
  await until(what, async () => ((await condition()) ? true : undefined), deadlineMs);
}
