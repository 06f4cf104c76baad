// Lets a few through at a time. Ten thousand clients that come back at once must not become ten thousand requests to
// the broker, each with a batch of messages in memory. (S10)

/**
 * One for short questions, and one for replays, where a slow reader keeps its place for a while: whoever only asks where
 * it stands, or for a page of history, does not wait behind hundreds of those.
 */
export type Gates = { readonly starting: Gate; readonly replaying: Gate };

export class Gate {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  /** Runs `work` once there is a place for it. First come, first served; whoever waits holds nothing but the wait. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The place goes from hand to hand, so that nobody who comes later takes it first. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
