// Durability is checked, not assumed: nats-server acknowledges before it has synced to disk unless `sync_interval` is
// `always`, and then a power cut takes acknowledged messages with it (measured: a whole stream).
import { z } from 'zod';

export type Durability =
  | { readonly state: 'up' }
  | { readonly state: 'degraded'; readonly reason: string }
  | { readonly state: 'down'; readonly reason: string };

// `sync_interval` still says two minutes when it is `always`; only this flag tells.
const varz = z.object({
  jetstream: z.object({ config: z.object({ sync_always: z.boolean().default(false) }).optional() }).optional(),
});

/** Less than readiness gives a check: a monitor that hangs is one that does not answer. */
const ANSWER_WITHIN_MS = 1_000;

/**
 * Asks the broker's monitor whether it syncs always. Without a monitor that answers nobody can know: `degraded`.
 * `relaxed` is the documented choice of an operator who accepts the loss. Never rejects; reasons hold no address.
 */
export async function checkDurability(
  options: { readonly monitorUrl: string | undefined; readonly relaxed: boolean },
  signal: AbortSignal,
): Promise<Durability> {
  if (options.relaxed) return { state: 'up' };
  if (options.monitorUrl === undefined) {
    return {
      state: 'degraded',
      reason: 'NATS_MONITOR_URL is not set, so it is not known whether nats-server syncs to disk',
    };
  }
  const state = await askMonitor(options.monitorUrl, signal);
  if (state === undefined) return { state: 'degraded', reason: 'the monitor of nats-server does not answer' };
  if (state.jetstream?.config?.sync_always === true) return { state: 'up' };
  return {
    state: 'down',
    reason:
      'nats-server does not run with sync_interval: always; set it, or NATS_DURABILITY=relaxed to accept losing acknowledged messages in a power cut',
  };
}

/** Undefined when it does not answer; why not is told by the check of the broker itself. */
async function askMonitor(url: string, signal: AbortSignal): Promise<z.infer<typeof varz> | undefined> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
  try {
    const answer = await fetch(new URL('/varz', url), { signal: deadline });
    // What is not a monitor's answer proves nothing, like one that does not say that it syncs.
    return varz.safeParse(await answer.json()).data ?? {};
  } catch {
    return undefined;
  }
}
