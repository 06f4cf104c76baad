// Forgets expired Idempotency-Keys, now and then and a little at a time, so that the table stays as large as a day.
import { pause, type Log, type Time } from '@longwave/messaging';
import type { IdempotencyKeys } from './store/idempotency-keys.ts';

const INTERVAL_MS = 10 * 60 * 1_000;
const BATCH_MAX = 1_000;

export type IdempotencyCleanup = { stop(): Promise<void> };

/** Any number of replicas may do it: a row that one removes is skipped by the others. */
export function startIdempotencyCleanup({
  keys,
  time,
  log,
}: {
  readonly keys: IdempotencyKeys;
  readonly time: Time;
  readonly log: Log;
}): IdempotencyCleanup {
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await removeAllExpired(keys, log, stopping.signal);
      await pause(time, INTERVAL_MS, stopping.signal);
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

async function removeAllExpired(keys: IdempotencyKeys, log: Log, signal: AbortSignal): Promise<void> {
  try {
    while (!signal.aborted && (await keys.removeExpired(BATCH_MAX)) === BATCH_MAX);
  } catch (error) {
    // An expired key does no harm, and the next round is soon.
    log.warn({ err: error }, 'expired idempotency keys could not be removed now');
  }
}
