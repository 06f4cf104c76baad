// Publishes numbered messages on every channel, each channel one after the other, until it is told to stop. A message
// that was not accepted is published again, because what became of it is not known.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from './target.ts';

export type Publishing = {
  /** For each channel the last number whose publishing has begun. */
  readonly attempted: readonly number[];
  /** Resolves once everything that was begun is accepted; rejects when it is not within a minute. */
  stop(): Promise<void>;
};

const RETRY_MS = 100;
const ACCEPTED_WITHIN_MS = 60_000;

/** `perSecond`: messages of all channels together. */
export function startPublishing(
  target: Pick<Target, 'publish'>,
  { channels, perSecond }: { readonly channels: number; readonly perSecond: number },
): Publishing {
  const stopping = new AbortController();
  const attempted = Array<number>(channels).fill(0);
  const everyMs = (1_000 * channels) / perSecond;

  const publishAll = async (channel: number): Promise<void> => {
    // Channels do not all publish at the same moment.
    let dueAtMs = performance.now() + (everyMs * channel) / channels;
    while (!stopping.signal.aborted) {
      await sleep(Math.max(0, dueAtMs - performance.now()), undefined, { signal: stopping.signal }).catch(
        () => undefined,
      );
      if (stopping.signal.aborted) return;
      // After an outage it goes on at its rate, and does not catch up.
      dueAtMs = Math.max(dueAtMs + everyMs, performance.now());
      const number = (attempted[channel] ?? 0) + 1;
      attempted[channel] = number;
      await publishUntilAccepted(target, { channel, number });
    }
  };

  const publishing = Promise.all(attempted.map((_, channel) => publishAll(channel)));
  // Whoever stops is told; nobody is before.
  publishing.catch(() => undefined);
  return {
    attempted,
    stop: async () => {
      stopping.abort();
      await publishing;
    },
  };
}

async function publishUntilAccepted(
  target: Pick<Target, 'publish'>,
  message: { readonly channel: number; readonly number: number },
): Promise<void> {
  const deadline = performance.now() + ACCEPTED_WITHIN_MS;
  for (;;) {
    try {
      return await target.publish(message);
    } catch (cause) {
      const what = `message ${message.number} of channel ${message.channel}`;
      if (performance.now() > deadline)
        throw new Error(`${what} was not accepted within ${ACCEPTED_WITHIN_MS / 1_000} s`, { cause });
      await sleep(RETRY_MS);
    }
  }
}
