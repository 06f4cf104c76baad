// Where a client goes on in one stream. Mostly that is in the ring, and costs nothing; else the stream is asked: for
// the message the client names, for the first one after a time, or for the newest few. (S2, S3)
import type { StreamBounds, StreamReader } from '@longwave/messaging';
import { cursorText, markOf, positionText, type Position } from '../domain/cursor.ts';
import type { Gap, GapReason } from '../domain/gap.ts';
import { decideResumption } from '../domain/resumption.ts';
import type { Selection } from '../domain/selection.ts';
import { findNewest } from './find-newest.ts';
import type { FeedPosition } from './ring.ts';
import type { StreamWindow } from './stream-window.ts';

export type Resumed = { readonly position: FeedPosition; readonly gap: Gap | null };

/** What the client says of where it begins: nothing (live), something unreadable, its positions by stream tag, … */
export type Claim =
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'cursor'; readonly positions: ReadonlyMap<string, Position> }
  /** With what was stored at `time`, or after it. */
  | { readonly kind: 'since'; readonly time: Date }
  /** With the newest `count` events of each stream. */
  | { readonly kind: 'last'; readonly count: number }
  /** With everything that is kept: where history begins. */
  | { readonly kind: 'start' }
  /** With the newest event of every subject; some of it may have been given, by the name of its stream. */
  | { readonly kind: 'snapshot'; readonly given: ReadonlyMap<string, GivenOfSnapshot> };

/** The subjects up to `subject`, as they were at `position`. */
export type GivenOfSnapshot = { readonly position: FeedPosition; readonly subject: string };

/** The id that a client came with. */
export function claimText({ positions }: Claim & { readonly kind: 'cursor' }): string {
  return cursorText(Array.from(positions, ([tag, position]) => ({ text: positionText(tag, position) })));
}

/** Without asking the broker; undefined when it has to be asked. */
export function resumeFromMemory(window: StreamWindow, claim: Claim): Resumed | undefined {
  switch (claim.kind) {
    case 'none':
      return { position: window.position, gap: null };
    case 'unreadable':
      return goLive(window, 'unreadable-cursor');
    case 'cursor':
      return resumeAtCursor(window, claim.positions);
    case 'since':
    case 'last':
    case 'start':
    case 'snapshot':
      return undefined;
  }
}

function resumeAtCursor(window: StreamWindow, positions: ReadonlyMap<string, Position>): Resumed | undefined {
  const claimed = positions.get(window.tag);
  if (claimed === undefined) return goLive(window, 'unreadable-cursor');
  const known = window.ring.find(claimed.sequence);
  // A mark that differs may be the ring's fault: at its floor there may have been no message to take it from.
  return known?.mark === claimed.mark ? { position: known, gap: null } : undefined;
}

/**
 * Asks the broker. Throws StreamUnavailableError, and StreamChangedError when the stream is another one than this
 * process knows of: it will hear of that in a moment.
 */
export async function resumeFromStream(
  window: StreamWindow,
  claim: Claim,
  selection: Selection,
  reader: StreamReader,
): Promise<Resumed> {
  const resumed = await ask({ window, selection, reader }, claim);
  const { epoch } = await reader.bounds(window.name);
  if (epoch !== window.epoch) throw new StreamChangedError(window.name);
  return resumed;
}

export type Asking = {
  readonly window: StreamWindow;
  readonly selection: Selection;
  readonly reader: StreamReader;
};

async function ask(asking: Asking, claim: Claim): Promise<Resumed> {
  const { window, reader } = asking;
  const bounds = await reader.bounds(window.name);
  switch (claim.kind) {
    case 'cursor':
      return atCursor(asking, bounds, claim.positions);
    case 'since': {
      const first = await reader.sequenceAt(window.name, claim.time);
      return { position: await before(asking, bounds, first), gap: expiredBefore(bounds, first) };
    }
    case 'last':
      return { position: await before(asking, bounds, await findNewest(asking, bounds, claim.count)), gap: null };
    case 'start':
      return { position: await before(asking, bounds, bounds.first), gap: null };
    case 'none':
    case 'unreadable':
    case 'snapshot':
      throw new Error(`the stream is not asked where ${claim.kind} begins`);
  }
}

async function atCursor(
  { window, reader }: Asking,
  bounds: StreamBounds,
  positions: ReadonlyMap<string, Position>,
): Promise<Resumed> {
  const claimed = positions.get(window.tag);
  if (claimed === undefined) return goLive(window, 'unreadable-cursor');
  const isHeld = claimed.sequence >= bounds.first && claimed.sequence <= bounds.last;
  const message = isHeld ? await reader.at(window.name, claimed.sequence) : null;
  const resumption = decideResumption(claimed, bounds, message?.storedAt ?? null);
  if (resumption.kind === 'live') return goLive(window, resumption.reason);
  return { position: window.at(resumption.position), gap: resumption.gap };
}

/** The position after which `sequence` is the next message. */
async function before({ window, reader }: Asking, bounds: StreamBounds, sequence: number): Promise<FeedPosition> {
  const known = window.ring.find(sequence - 1);
  if (known !== undefined) return known;
  const message = sequence > bounds.first ? await reader.at(window.name, sequence - 1) : null;
  return window.at({ sequence: sequence - 1, mark: markOf(message?.storedAt ?? bounds.epoch) });
}

/** Of what was stored after a time the first may have expired: nothing says whether the client wanted it. */
function expiredBefore({ stream, first }: StreamBounds, sequence: number): Gap | null {
  return sequence === first && first > 1 ? { stream, from: 1, to: first - 1, reason: 'expired' } : null;
}

/** The stream is, or may be, another one than a moment ago. Try again when its feed knows. */
export class StreamChangedError extends Error {
  override readonly name = 'StreamChangedError';
  readonly code = 'stream-changed';

  constructor(stream: string) {
    super(`the stream ${stream} may be another one than a moment ago`);
  }
}

/** From where the stream is now, which says nothing of what was before. */
export function goLive({ name, position }: StreamWindow, reason: GapReason): Resumed {
  return { position, gap: { stream: name, from: 0, to: position.sequence, reason } };
}
