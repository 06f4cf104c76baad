// Handlers at work: so many at once, so many waiting, and no more (Q12). What waits can be taken back.

export type Job = {
  /** Never rejects. */
  readonly run: () => Promise<void>;
  /** Called instead of `run` when the work ends before its turn. */
  readonly drop: () => void;
};

export class Work {
  readonly #concurrency: number;
  readonly #waitingMax: number;
  readonly #waiting: Job[] = [];
  #running = 0;
  #idle: PromiseWithResolvers<void> | null = null;

  constructor(concurrency: number, waitingMax: number) {
    if (!Number.isInteger(concurrency) || concurrency < 1) throw new RangeError('concurrency is a whole number from 1');
    this.#concurrency = concurrency;
    this.#waitingMax = waitingMax;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Returns false when there is no place: the job is not taken. */
  offer(job: Job): boolean {
    if (this.#running < this.#concurrency) {
      void this.#run(job);
      return true;
    }
    if (this.#waiting.length >= this.#waitingMax) return false;
    this.#waiting.push(job);
    return true;
  }

  /** Resolves once nothing runs or waits. */
  idle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers();
    return this.#idle.promise;
  }

  /** Drops what waits. */
  clear(): void {
    for (const { drop } of this.#waiting.splice(0)) drop();
  }

  async #run(first: Job): Promise<void> {
    this.#running += 1;
    for (let job: Job | undefined = first; job !== undefined; job = this.#waiting.shift()) await job.run();
    this.#running -= 1;
    if (this.#running > 0) return;
    this.#idle?.resolve();
    this.#idle = null;
  }
}
