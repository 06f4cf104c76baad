// Where a client that comes back goes on in one stream. Mostly that is in the ring, and costs nothing; else the
// message it names is read back from the stream. (S2, S3)
import type { StreamReader } from '@longwave/messaging';
import type { Position } from '../domain/cursor.ts';
import type { Gap, GapReason } from '../domain/gap.ts';
import { decideResumption } from '../domain/resumption.ts';
import type { FeedPosition } from './ring.ts';
import type { StreamWindow } from './stream-window.ts';

export type Resumed = { readonly position: FeedPosition; readonly gap: Gap | null };

/** What the client says of itself: nothing (it is new), something unreadable, or its positions by stream tag. */
export type Claim =
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'cursor'; readonly positions: ReadonlyMap<string, Position> };

/** Without asking the broker; undefined when it has to be asked. */
export function resumeFromMemory(window: StreamWindow, claim: Claim): Resumed | undefined {
  if (claim.kind === 'none') return { position: window.position, gap: null };
  const claimed = claim.kind === 'cursor' ? claim.positions.get(window.tag) : undefined;
  if (claimed === undefined) return goLive(window, 'unreadable-cursor');
  const known = window.ring.find(claimed.sequence);
  // A mark that differs may be the ring's fault: at its floor there may have been no message to take it from.
  return known?.mark === claimed.mark ? { position: known, gap: null } : undefined;
}

/**
 * Asks the broker. Throws StreamUnavailableError, and StreamChangedError when the stream is another one than this
 * process knows of: it will hear of that in a moment.
 */
export async function resumeFromStream(window: StreamWindow, claim: Claim, reader: StreamReader): Promise<Resumed> {
  const claimed = claim.kind === 'cursor' ? claim.positions.get(window.tag) : undefined;
  if (claimed === undefined) return goLive(window, 'unreadable-cursor');
  const bounds = await reader.bounds(window.name);
  const isHeld = claimed.sequence >= bounds.first && claimed.sequence <= bounds.last;
  const message = isHeld ? await reader.at(window.name, claimed.sequence) : null;
  if (bounds.epoch !== window.epoch) throw new StreamChangedError(window.name);
  const resumption = decideResumption(claimed, bounds, message?.storedAt ?? null);
  if (resumption.kind === 'live') return goLive(window, resumption.reason);
  return { position: window.at(resumption.position), gap: resumption.gap };
}

/** The stream is, or may be, another one than a moment ago. Try again when its feed knows. */
export class StreamChangedError extends Error {
  override readonly name = 'StreamChangedError';
  readonly code = 'stream-changed';

  constructor(stream: string) {
    super(`the stream ${stream} may be another one than a moment ago`);
  }
}

function goLive({ name, position }: StreamWindow, reason: GapReason): Resumed {
  return { position, gap: { stream: name, from: 0, to: position.sequence, reason } };
}
