// Keeping what is in hand: a delivery that is neither settled nor renewed within the consumer's ack wait is delivered
// again, and its clock starts at the delivery, not when a handler gets round to it.
import type { Delivery, PullState } from '../ports.ts';
import { pause, type Time } from '../time.ts';

const RENEWALS_PER_ACK_WAIT = 3;
/** Short, until the consumer has said its own: renewing too often costs little, too rarely doubles work. */
const ACK_WAIT_MS_DEFAULT = 1_000;
/** A consumer without an ack wait, or with a senseless one, must not keep the process busy. */
const INTERVAL_MS_MIN = 20;

/** Renews all of `held` three times per ack wait, with one timer for all, until `signal` is aborted. */
export async function renewLeases(options: {
  readonly time: Time;
  readonly signal: AbortSignal;
  readonly ackWaitMs: () => number;
  readonly held: () => readonly Delivery[];
}): Promise<void> {
  const { time, signal, ackWaitMs, held } = options;
  while (!signal.aborted) {
    await pause(time, Math.max(ackWaitMs() / RENEWALS_PER_ACK_WAIT, INTERVAL_MS_MIN), signal);
    if (signal.aborted) return;
    for (const delivery of held()) delivery.renew();
  }
}

export function ackWaitMsOf(state: PullState): number {
  return state.state === 'pulling' ? state.ackWaitMs : ACK_WAIT_MS_DEFAULT;
}
