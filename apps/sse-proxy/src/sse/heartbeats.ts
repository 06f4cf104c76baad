// One timer for all heartbeats: the clients are spread over the interval, a slot at a time, so that thousands of them
// are neither thousands of timers nor one burst. (S5)
import type { Task, Turns } from './turns.ts';

const SLOTS = 16;

export interface Beating {
  /** Written by the wheel. */
  slot: number;
  /** `nowMs`: of `performance.now()`. */
  beat(nowMs: number): void;
}

export type HeartbeatsOptions = {
  /** Every member beats once in this time. */
  readonly intervalMs: number;
  readonly turns: Turns;
  /** Called `SLOTS` times per interval, for what else has to be looked at now and then. */
  readonly onTick: () => void;
};

export class Heartbeats implements Task {
  readonly #slots: readonly Set<Beating>[] = Array.from({ length: SLOTS }, () => new Set<Beating>());
  readonly #turns: Turns;
  readonly #timer: NodeJS.Timeout;
  /** Slots that are due, oldest first; more than one only when the process is too busy. */
  readonly #due: Iterator<Beating>[] = [];
  #additions = 0;
  #ticks = 0;

  constructor({ intervalMs, turns, onTick }: HeartbeatsOptions) {
    this.#turns = turns;
    this.#timer = setInterval(() => {
      this.#tick();
      onTick();
    }, intervalMs / SLOTS);
  }

  add(member: Beating): void {
    member.slot = this.#additions % SLOTS;
    this.#additions += 1;
    this.#slots[member.slot]?.add(member);
  }

  remove(member: Beating): void {
    this.#slots[member.slot]?.delete(member);
  }

  run(until: number): boolean {
    for (let nowMs = performance.now(); nowMs < until; nowMs = performance.now()) {
      const next = this.#due[0]?.next();
      if (next === undefined) return false;
      if (next.done === true) this.#due.shift();
      else next.value.beat(nowMs);
    }
    return this.#due.length > 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const slot = this.#slots[this.#ticks % SLOTS];
    this.#ticks += 1;
    // When a whole round is still due, another one would only make it worse.
    if (slot === undefined || slot.size === 0 || this.#due.length >= SLOTS) return;
    this.#due.push(slot.values());
    this.#turns.add(this);
  }
}
