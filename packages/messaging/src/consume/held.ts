// A message in hand: where it stands between its delivery and its settlement.
import type { StoredMessage } from '../contract/decode.ts';
import { decodeForHandling, type ReadMetadata } from '../contract/metadata.ts';
import type { Redriven } from '../dead-letters/redriven-message.ts';
import type { Delivery } from '../ports.ts';
import type { Outcome } from './outcome.ts';

export type Held = {
  /** Where it is in `Hands`. */
  readonly place: number | string;
  readonly stored: StoredMessage;
  readonly metadata: ReadMetadata;
  /** That it was a dead letter before, and is here for another try. */
  readonly redriven: Redriven | null;
  /** More than one when it was delivered again meanwhile. (G9) */
  readonly deliveries: Delivery[];
  /** It was delivered before, to somebody who has not settled it. (G12) */
  readonly isSuspect: boolean;
  attempts: number;
  waits: number;
  /** For how long it has waited without an attempt, by the timers that it waited on: the wall clock jumps. */
  waitedMs: number;
  firstFailedAt: Date | null;
  /** When its handler was started; null while none runs. */
  runningSince: Date | null;
  /** That it is to be a dead letter is decided once: if only the letter could not be stored, no handler runs again. (G10) */
  verdict: Extract<Outcome, { readonly kind: 'dead-letter' }> | null;
};

export function heldOf(delivery: Delivery, redriven: Redriven | null, place: Held['place']): Held {
  const { stored } = delivery;
  return {
    place,
    stored,
    metadata: decodeForHandling(stored.headers),
    redriven,
    deliveries: [delivery],
    isSuspect: delivery.deliveryCount > 1,
    attempts: 0,
    waits: 0,
    waitedMs: 0,
    firstFailedAt: null,
    runningSince: null,
    verdict: null,
  };
}
