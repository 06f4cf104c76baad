// Waits for something to become true, with a deadline. The only way tests here wait.
import { setTimeout as pause } from 'node:timers/promises';

export async function until(condition: () => boolean, what: string, withinMs = 5000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain until ${what}`);
    await pause(5);
  }
}
