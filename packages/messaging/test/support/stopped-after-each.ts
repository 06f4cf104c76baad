// What a test starts and stops itself, unless an assertion fails before it does: what goes on would keep Jest alive.
import { afterEach } from '@jest/globals';

type Stoppable = { stop(options: { readonly withinMs: number }): Promise<void> };

const STOP_WITHIN_MS = 1_000;

/** Returns how to have something stopped after the test that starts it, also when it has been stopped. */
export function stoppedAfterEach(): <Started extends Stoppable>(started: Started) => Started {
  const running: Stoppable[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop({ withinMs: STOP_WITHIN_MS })));
  });
  return (started) => {
    running.push(started);
    return started;
  };
}
