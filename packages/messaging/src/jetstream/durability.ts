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

/**
 * Asks the broker's monitor whether it syncs always. Without a monitor address nobody can know: `degraded`.
 * `relaxed` is the documented choice of an operator who accepts the loss.
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
  const answer = await fetch(new URL('/varz', options.monitorUrl), { signal });
  const parsed = varz.safeParse(await answer.json());
  if (parsed.data?.jetstream?.config?.sync_always === true) return { state: 'up' };
  return {
    state: 'down',
    reason:
      'nats-server does not run with sync_interval: always; set it, or NATS_DURABILITY=relaxed to accept losing acknowledged messages in a power cut',
  };
}
