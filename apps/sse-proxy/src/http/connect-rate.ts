// How many streams may begin in a second: a crowd that comes back at once is let in as fast as it can be served, and
// the rest is told to come a little later. (S10)

export class ConnectRate {
  readonly #perSecondMax: number;
  readonly #nowMs: () => number;
  #tokens: number;
  #atMs: number;

  /** `nowMs` never jumps. */
  constructor(perSecondMax: number, nowMs: () => number) {
    this.#perSecondMax = perSecondMax;
    this.#nowMs = nowMs;
    this.#tokens = perSecondMax;
    this.#atMs = nowMs();
  }

  /** Whether one more may begin now; if so it counts. */
  take(): boolean {
    const now = this.#nowMs();
    const earned = ((now - this.#atMs) / 1000) * this.#perSecondMax;
    this.#tokens = Math.min(this.#perSecondMax, this.#tokens + earned);
    this.#atMs = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
