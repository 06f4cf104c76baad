// Where a client that comes back goes on, and what it is told. Pure: what the stream holds is a parameter.
import type { StreamBounds } from '@longwave/messaging';
import { markOf, type Position } from './cursor.ts';
import type { Gap, GapReason } from './gap.ts';

export type Resumption =
  /** After `position`; what lies between the claim and there is the gap. */
  | { readonly kind: 'after'; readonly position: Position; readonly gap: Gap | null }
  /** The claim is worth nothing: at the end of the stream. */
  | { readonly kind: 'live'; readonly reason: GapReason };

/**
 * `storedAt` is when the message at the claimed sequence was stored; null when the stream does not hold it.
 * A claim is believed only when something proves that it is about this very stream: the time of its message, or, for
 * a position just before the first message, the time of the stream's creation.
 */
export function decideResumption(claim: Position, bounds: StreamBounds, storedAt: Date | null): Resumption {
  if (claim.sequence > bounds.last) return { kind: 'live', reason: 'ahead' };
  if (storedAt !== null) {
    if (markOf(storedAt) !== claim.mark) return { kind: 'live', reason: 'recreated' };
    return { kind: 'after', position: claim, gap: null };
  }
  const isOfThisEpoch = claim.mark === markOf(bounds.epoch);
  if (claim.sequence === 0 && !isOfThisEpoch) return { kind: 'live', reason: 'recreated' };
  if (claim.sequence === bounds.first - 1 && isOfThisEpoch) return { kind: 'after', position: claim, gap: null };
  return afterExpiry(claim, bounds);
}

/**
 * The claimed message is gone, from the beginning of the stream or from its middle. Even when no other is missing
 * nothing proves it, so that is a gap, too.
 */
function afterExpiry(claim: Position, { stream, epoch, first }: StreamBounds): Resumption {
  const to = Math.max(claim.sequence, first - 1);
  const gap: Gap = { stream, from: Math.min(claim.sequence + 1, to), to, reason: 'expired' };
  return { kind: 'after', position: { sequence: to, mark: markOf(epoch) }, gap };
}

/** What was purged or has expired after `position`, while somebody was reading on from there; null when nothing was. */
export function lostAfter(position: Position, { stream, first }: StreamBounds): Gap | null {
  if (first <= position.sequence + 1) return null;
  return { stream, from: position.sequence + 1, to: first - 1, reason: 'expired' };
}
