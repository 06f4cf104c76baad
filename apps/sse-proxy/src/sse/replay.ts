// Reads from the stream itself what the ring no longer holds, batch by batch, until the ring is reached. The next
// batch is fetched when the last one has been written, so a slow client slows only its own replay.
import type { StreamReader } from '@longwave/messaging';
import type { StoredMessage } from '@longwave/messaging/contract';
import { markOf } from '../domain/cursor.ts';
import type { Gap } from '../domain/gap.ts';
import { lostAfter } from '../domain/resumption.ts';
import { StreamChangedError } from './resume.ts';
import type { FeedPosition } from './ring.ts';
import type { StreamWindow } from './stream-window.ts';

export type ReplayedBatch = {
  /** What was purged while we were reading, and where that leaves the client; it lies before the messages. */
  readonly lost: { readonly gap: Gap; readonly end: FeedPosition } | null;
  readonly messages: readonly StoredMessage[];
  /** Everything up to here has been considered once the messages are written. */
  readonly through: FeedPosition;
};

/**
 * From after `from` to the floor of the ring, which is where the ring begins to know. `filters` spare reading what is
 * not wanted; some of it may come all the same.
 * Throws StreamUnavailableError, and StreamChangedError when the stream is not the one `from` belongs to.
 */
export async function* replay(
  window: StreamWindow,
  reader: StreamReader,
  from: FeedPosition,
  filters: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<ReplayedBatch> {
  const { floor } = window.ring;
  const range = { from: from.sequence + 1, to: floor.sequence, filters };
  let position = from;
  for await (const batch of reader.replay(window.name, range, signal)) {
    const last = batch.at(-1);
    if (last === undefined) continue;
    const lost = await lostMeanwhile(window, reader, position, floor);
    const messages = lost === null ? batch : batch.filter(({ sequence }) => sequence > lost.end.sequence);
    position = lost !== null && messages.length === 0 ? lost.end : window.positionOf(last);
    yield { lost, messages, through: position };
  }
  if (signal.aborted) return;
  yield { lost: await lostMeanwhile(window, reader, position, floor), messages: [], through: floor };
}

/**
 * A replay skips what has been purged without a word, so the bounds are asked after every batch: whatever they exclude
 * by then may or may not have been read before, and counts as lost.
 */
async function lostMeanwhile(
  window: StreamWindow,
  reader: StreamReader,
  position: FeedPosition,
  floor: FeedPosition,
): Promise<ReplayedBatch['lost']> {
  const bounds = await reader.bounds(window.name);
  if (bounds.epoch !== window.epoch || position.generation !== window.generation) {
    throw new StreamChangedError(window.name);
  }
  const gap = lostAfter(position, bounds);
  if (gap === null) return null;
  // What the ring still holds is not lost, whatever the stream says.
  if (gap.to >= floor.sequence) return { gap: { ...gap, to: floor.sequence }, end: floor };
  return { gap, end: window.at({ sequence: gap.to, mark: markOf(window.epoch) }) };
}
