// What was opened, and how to close it again: in reverse order (L1), once, within one deadline.
// Exists so that every service stops as the mirror of its start, and one release that hangs or throws
// does not keep the others from running. Does not decide when to stop.
import type { Logger } from '../logger.ts';

/** What is left of the shared deadline when a release begins. */
export type Remaining = { readonly withinMs: number };
export type Release = (remaining: Remaining) => Promise<void> | void;

export type LifecycleOptions = { readonly withinMs?: number; readonly logger?: Logger };

const withinMsDefault = 8000;

/** A release did not finish before the shared deadline; what it held may still be open. */
export class ReleaseTimeoutError extends Error {
  readonly code = 'release-timeout';

  constructor(name: string, withinMs: number) {
    super(`'${name}' did not stop within ${withinMs} ms; the process must end to release it`);
    this.name = 'ReleaseTimeoutError';
  }
}

export class Lifecycle {
  readonly #withinMs: number;
  readonly #logger: Logger | undefined;
  readonly #releases: { readonly name: string; readonly release: Release }[] = [];
  #stopping: Promise<void> | undefined;

  constructor(options: LifecycleOptions = {}) {
    this.#withinMs = options.withinMs ?? withinMsDefault;
    this.#logger = options.logger;
  }

  /** Registers how to release what was just acquired. After `stop` began it is an error: nobody would release it. */
  add(name: string, release: Release): void {
    if (this.#stopping !== undefined) throw new Error(`'${name}' was acquired after stop began; release it at once`);
    this.#releases.push({ name, release });
  }

  /**
   * Releases everything, last acquired first. Every release is called, even after the deadline (L2).
   * A second call returns the same promise (L3).
   * @throws AggregateError of what failed or did not finish in time
   */
  stop(): Promise<void> {
    this.#stopping ??= this.#releaseAll();
    return this.#stopping;
  }

  async #releaseAll(): Promise<void> {
    const deadline = performance.now() + this.#withinMs;
    const errors: unknown[] = [];
    for (const { name, release } of this.#releases.toReversed()) {
      try {
        await this.#releaseOne(name, release, Math.max(0, Math.round(deadline - performance.now())));
      } catch (error) {
        this.#logger?.error({ err: error, resource: name }, 'failed to stop');
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, `${errors.length} of the resources did not stop cleanly`);
  }

  async #releaseOne(name: string, release: Release, withinMs: number): Promise<void> {
    const timeout = Promise.withResolvers<never>();
    // With nothing left the timer still lets one turn pass: a release that is quick enough is not blamed.
    const timer = setTimeout(() => timeout.reject(new ReleaseTimeoutError(name, this.#withinMs)), withinMs);
    try {
      await Promise.race([release({ withinMs }), timeout.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}
