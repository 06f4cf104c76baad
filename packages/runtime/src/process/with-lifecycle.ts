// Runs the body of a service's `start()`: whatever it acquired before it failed is released again (L4).
import { Lifecycle } from './lifecycle.ts';
import type { LifecycleOptions } from './lifecycle.ts';

/** A started service: where it listens, e.g. `http://127.0.0.1:8081`, and how to stop it. */
export type RunningService = { readonly address: string; stop(): Promise<void> };

/**
 * Calls `build` with a fresh lifecycle and returns what it built with that lifecycle's `stop`.
 * @throws what `build` threw, after releasing; if releasing failed too, an AggregateError of both
 */
export async function withLifecycle(
  options: LifecycleOptions,
  build: (lifecycle: Lifecycle) => Promise<{ readonly address: string }>,
): Promise<RunningService> {
  const lifecycle = new Lifecycle(options);
  try {
    const { address } = await build(lifecycle);
    return { address, stop: () => lifecycle.stop() };
  } catch (error) {
    await lifecycle.stop().catch((stopError: unknown) => {
      throw new AggregateError([error, stopError], 'the start failed, and so did releasing what it had acquired');
    });
    throw error;
  }
}
