// A sleep that can be cut short, also by a wake that came while nobody slept: a row committed between the last look
// and the sleep must not wait for the next poll.
import type { Time } from '../time.ts';

export type Waker = {
  wake(): void;
  /** Resolves after `ms`, or at once when woken since the last sleep ended. */
  sleep(ms: number): Promise<'woken' | 'slept'>;
};

export function createWaker(time: Time): Waker {
  let pending = false;
  let wakeSleeper: (() => void) | null = null;
  return {
    wake: () => {
      pending = true;
      wakeSleeper?.();
    },
    sleep: (ms) =>
      new Promise((resolve) => {
        const end = (how: 'woken' | 'slept'): void => {
          cancel();
          wakeSleeper = null;
          pending = false;
          resolve(how);
        };
        const cancel = time.after(ms, () => end('slept'));
        wakeSleeper = () => end('woken');
        if (pending) end('woken');
      }),
  };
}
