// A clock that only a test moves. Whatever waits in this package waits on a `Time`, so an hour of retries passes in a
// moment, and always in the same order.
import type { Time } from '../time.ts';

type Timer = { readonly at: number; readonly order: number; readonly run: () => void };

export class VirtualTime implements Time {
  #now: number;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(start: Date = new Date('2026-01-01T00:00:00Z')) {
    this.#now = start.getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, delayMs), order: (this.#order += 1), run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets `ms` pass: what is due runs, earliest first, and what follows from it has run before the next is due. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#next(end); next !== null; next = this.#next(end)) {
      this.#timers.delete(next);
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

  #next(end: number): Timer | null {
    let found: Timer | null = null;
    for (const timer of this.#timers) {
      if (timer.at > end) continue;
      if (found === null || timer.at < found.at || (timer.at === found.at && timer.order < found.order)) found = timer;
    }
    return found;
  }
}

/** Promise reactions run to their end: a macrotask comes after all of them. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
