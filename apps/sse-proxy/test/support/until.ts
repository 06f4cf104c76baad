// Waiting for what another process does: it announces nothing, so a condition is asked again until a deadline.
import { setTimeout as pause } from 'node:timers/promises';

const ASK_EVERY_MS = 10;

/** Resolves once `condition` holds. Rejects after `withinMs`, saying what was waited for. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${withinMs} ms in vain until ${what}`);
    await pause(ASK_EVERY_MS);
  }
}
