// Time as a parameter: whatever waits or measures here is handed one of these, so that a test can own the clock.
// Waiting is counted in what `after` says, never in differences of `now`: a wall clock jumps.

export interface Time {
  now(): Date;
  /** Calls `run` once after `delayMs`; the returned function takes it back. */
  after(delayMs: number, run: () => void): () => void;
}

/** A timer of Node's that is asked for more ends after a millisecond: whoever would wait for ever would not wait at all. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** However long the delay is, Infinity included. */
export const systemTime: Time = {
  now: () => new Date(),
  after: (delayMs, run) => {
    const wait = (leftMs: number): NodeJS.Timeout =>
      leftMs > TIMER_MS_MAX
        ? setTimeout(() => (timer = wait(leftMs - TIMER_MS_MAX)), TIMER_MS_MAX)
        : setTimeout(run, leftMs);
    let timer = wait(delayMs);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs`, or at once when `signal` is aborted: whoever waits looks at the signal next. */
export function pause(time: Time, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = time.after(delayMs, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** Resolves with whether `work` ended within `delayMs`, well or badly; it never rejects, and work that is late goes on. */
export function endsWithin(time: Time, delayMs: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = time.after(delayMs, () => resolve(false));
    const end = (): void => {
      cancel();
      resolve(true);
    };
    work.then(end, end);
  });
}
