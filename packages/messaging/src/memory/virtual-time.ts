// A clock that only a test moves. Whatever waits in this package waits on a `Time`, so an hour of retries passes in a
// moment, and always in the same order.
//
// W3  `waiting` tells what still waits: nothing does when everything has stopped.
import type { Time } from '../time.ts';
import { TimerQueue } from './timer-queue.ts';

export class VirtualTime implements Time {
  #now: number;
  readonly #timers = new TimerQueue();

  constructor(start: Date = new Date('2026-01-01T00:00:00Z')) {
    this.#now = start.getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = this.#timers.add(this.#now + Math.max(0, delayMs), run);
    return () => this.#timers.cancel(timer);
  }

  /** Lets `ms` pass: what is due runs, earliest first, and what follows from it has run before the next is due. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#timers.take(end); next !== null; next = this.#timers.take(end)) {
      this.#now = next.at;
      next.run();
      await settle();
    }
    this.#now = end;
  }

  /** How many timers wait: none is left behind when everything has stopped. */
  get waiting(): number {
    return this.#timers.size;
  }
}

/** Promise reactions run to their end: a macrotask comes after all of them. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
