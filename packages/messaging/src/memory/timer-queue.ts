// Timers in the order in which they are due: a binary heap, because every delivery in hand has a timer of its own and
// most of them are cancelled. What is cancelled stays in the heap until there is more of it than of the rest.

export type Timer = { readonly at: number; readonly order: number; run: (() => void) | null };

/** Below this a heap of cancelled timers costs nothing worth tidying up. */
const CANCELLED_IGNORED = 1_024;

export class TimerQueue {
  #heap: Timer[] = [];
  #order = 0;
  #cancelled = 0;

  /** Timers that are not cancelled. */
  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** Timers that are due at the same time run in the order in which they were added. */
  add(at: number, run: () => void): Timer {
    const timer: Timer = { at, order: (this.#order += 1), run };
    this.#heap.push(timer);
    this.#rise(this.#heap.length - 1, timer);
    return timer;
  }

  /** A timer that was taken or cancelled before is left alone. */
  cancel(timer: Timer): void {
    if (timer.run === null) return;
    timer.run = null;
    this.#cancelled += 1;
    if (this.#cancelled > CANCELLED_IGNORED && this.#cancelled * 2 > this.#heap.length) this.#tidyUp();
  }

  /** Removes the first timer that is due at `end` or before; null when there is none. */
  take(end: number): { readonly at: number; readonly run: () => void } | null {
    for (let first = this.#heap[0]; first !== undefined && first.at <= end; first = this.#heap[0]) {
      this.#removeFirst();
      const { at, run } = first;
      if (run === null) {
        this.#cancelled -= 1;
        continue;
      }
      first.run = null;
      return { at, run };
    }
    return null;
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sink(last);
  }

  #rise(index: number, timer: Timer): void {
    let at = index;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || isBefore(parent, timer)) break;
      this.#heap[at] = parent;
      at = above;
    }
    this.#heap[at] = timer;
  }

  #sink(timer: Timer): void {
    let at = 0;
    for (;;) {
      const [left, right] = [this.#heap[2 * at + 1], this.#heap[2 * at + 2]];
      const [child, index] =
        right !== undefined && left !== undefined && isBefore(right, left) ? [right, 2 * at + 2] : [left, 2 * at + 1];
      if (child === undefined || isBefore(timer, child)) break;
      this.#heap[at] = child;
      at = index;
    }
    this.#heap[at] = timer;
  }

  #tidyUp(): void {
    // Sorted is a heap, too.
    this.#heap = this.#heap.filter(({ run }) => run !== null).toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
    this.#cancelled = 0;
  }
}

function isBefore(left: Timer, right: Timer): boolean {
  return left.at < right.at || (left.at === right.at && left.order < right.order);
}
