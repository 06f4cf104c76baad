// Turns "this thing changed" into as few reads as possible: one per thing at a time, a few things at once.
//  R1 After the last message about a thing, it is read at least once more.
//  R2 At most `concurrency` reads run and at most `waitingMax` wait; beyond that everything is read anew instead.
//  R3 After `stop` nothing is started; what runs is aborted.

export type RefetchQueueOptions = {
  /** Reads one thing and puts it where it belongs. */
  readonly read: (path: string, signal: AbortSignal) => Promise<void>;
  /** A read failed, or too many wait: what is on the page may be wrong. */
  readonly onLost: (cause: unknown) => void;
  readonly concurrency?: number;
  readonly waitingMax?: number;
};

/** More changed at once than is worth reading one by one. */
export class RefetchOverflowError extends Error {
  readonly code = 'refetch-overflow';

  constructor(waitingMax: number) {
    super(`more than ${waitingMax} things changed at once; the whole list is read instead`);
    this.name = 'RefetchOverflowError';
  }
}

export class RefetchQueue {
  readonly #options: Required<RefetchQueueOptions>;
  readonly #abort = new AbortController();
  readonly #running = new Set<string>();
  readonly #waiting = new Set<string>();

  constructor(options: RefetchQueueOptions) {
    this.#options = { concurrency: 4, waitingMax: 50, ...options };
  }

  /** Asks for `path` to be read; a path that waits already is read once (R1). */
  push(path: string): void {
    this.#waiting.add(path);
    if (this.#waiting.size > this.#options.waitingMax) {
      this.#waiting.clear();
      this.#options.onLost(new RefetchOverflowError(this.#options.waitingMax));
      return;
    }
    this.#startNext();
  }

  stop(): void {
    this.#waiting.clear();
    this.#abort.abort();
  }

  #startNext(): void {
    for (const path of this.#waiting) {
      if (this.#running.size >= this.#options.concurrency) return;
      if (this.#running.has(path)) continue;
      this.#waiting.delete(path);
      this.#running.add(path);
      void this.#run(path);
    }
  }

  async #run(path: string): Promise<void> {
    try {
      await this.#options.read(path, this.#abort.signal);
    } catch (cause) {
      if (!this.#abort.signal.aborted) this.#options.onLost(cause);
    }
    this.#running.delete(path);
    this.#startNext();
  }
}
