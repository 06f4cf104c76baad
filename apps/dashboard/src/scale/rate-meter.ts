// How many messages arrived in each of the last seconds, by family: what the scale in the header draws.
// Counts are by arrival here, not by the time in the message: it shows what this page hears.
import type { Family } from '../feed/subject-parts.ts';

export const SCALE_SECONDS = 120;

export type Bin = Readonly<Record<Family, number>>;

type Count = { readonly second: number; readonly bin: Record<Family, number> };

export class RateMeter {
  #counts: Count[] = [];

  record(family: Family, nowMs: number): void {
    const second = Math.floor(nowMs / 1_000);
    let last = this.#counts.at(-1);
    if (last === undefined || last.second !== second) {
      last = { second, bin: { resource: 0, program: 0, events: 0, other: 0 } };
      this.#counts.push(last);
      this.#counts = this.#counts.filter((count) => count.second > second - SCALE_SECONDS);
    }
    last.bin[family] += 1;
  }

  /** The seconds in which something arrived; `age` 0 is the current one. */
  bins(nowMs: number): readonly { readonly age: number; readonly bin: Bin }[] {
    const current = Math.floor(nowMs / 1_000);
    return this.#counts
      .map(({ second, bin }) => ({ age: current - second, bin: { ...bin } }))
      .filter(({ age }) => age >= 0 && age < SCALE_SECONDS);
  }
}

export function totalOf(bin: Bin): number {
  return bin.resource + bin.program + bin.events + bin.other;
}
