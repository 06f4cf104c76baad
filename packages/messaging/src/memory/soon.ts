// Doing something in a turn of its own, once however often it was asked for: a broker is always somewhere else, so
// nothing of it happens in the turn of whoever caused it. What waits, waits on the clock (W3).
import type { Time } from '../time.ts';

export class Soon {
  readonly #time: Time;
  readonly #work: () => void;
  #cancel: (() => void) | null = null;

  constructor(time: Time, work: () => void) {
    this.#time = time;
    this.#work = work;
  }

  schedule(): void {
    this.#cancel ??= this.#time.after(0, () => {
      this.#cancel = null;
      this.#work();
    });
  }

  cancel(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
