// Not waiting longer than a signal allows. `Promise.race` with a promise of the signal's would keep a listener for every
// wait until the signal is aborted, which for a service is the day it stops.

/** Settles as `work` does, or rejects with the signal's reason once that is aborted; work that is left behind goes on. */
export function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
