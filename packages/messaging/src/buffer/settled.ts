// Which messages are done with: stored by the broker, refused by it, dropped or unreadable. Keys do not wait for each
// other, so it is a number below which all are, and a few above it.

export class Settled {
  #below: number;
  readonly #above = new Set<number>();

  constructor(below: number) {
    this.#below = below;
  }

  /** All messages before this number are settled. */
  get below(): number {
    return this.#below;
  }

  get countAbove(): number {
    return this.#above.size;
  }

  has(number: number): boolean {
    return number < this.#below || this.#above.has(number);
  }

  /** Settles `from` and what follows, up to but without `end`. Returns how many were not settled before. */
  add(from: number, end: number = from + 1): number {
    let count = 0;
    for (let number = Math.max(from, this.#below); number < end; number += 1) {
      if (this.#above.has(number)) continue;
      this.#above.add(number);
      count += 1;
    }
    while (this.#above.delete(this.#below)) this.#below += 1;
    return count;
  }
}
