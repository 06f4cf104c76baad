// Reads from the stream itself what the ring no longer holds, batch by batch, until the ring is reached. One batch
// is written while the next one is fetched, and no more: a slow client slows only its own replay. (S2, S4)
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

/** Asking costs two round trips, however much is asked for; the bytes of a batch are limited besides. */
const BATCH = 1_000;

type Reading = {
  readonly window: StreamWindow;
  readonly reader: StreamReader;
  /** Where the ring begins to know: as far as is read. */
  readonly floor: FeedPosition;
  readonly spell: number;
};

/**
 * From after `from` to the floor of the ring. `filters` spare reading what is not wanted; some of it may come all the
 * same. Throws StreamUnavailableError, and StreamChangedError when the stream may not be the one `from` belongs to.
 */
export async function* replay(
  window: StreamWindow,
  reader: StreamReader,
  from: FeedPosition,
  filters: readonly string[],
  signal: AbortSignal,
  batch = BATCH,
): AsyncGenerator<ReplayedBatch> {
  if (window.isHeld) throw new StreamChangedError(window.name);
  const { floor } = window.ring;
  const reading: Reading = { window, reader, floor, spell: window.spell };
  const range = { from: from.sequence + 1, to: floor.sequence, filters, batch };
  let position = from;
  for await (const read of oneAhead(reader.replay(window.name, range, signal))) {
    const last = read.at(-1);
    if (last === undefined) continue;
    const lost = await lostMeanwhile(reading, position);
    const messages = lost === null ? read : read.filter(({ sequence }) => sequence > lost.end.sequence);
    position = lost !== null && messages.length === 0 ? lost.end : window.positionOf(last);
    yield { lost, messages, through: position };
  }
  if (!signal.aborted) yield { lost: await lostMeanwhile(reading, position), messages: [], through: floor };
}

/**
 * Fetches the next batch while this one is being written: broker and client each work all the time. It holds two batches
 * instead of one. Whoever stops early is not kept waiting for the one that is on its way.
 */
async function* oneAhead<T>(batches: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = batches[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (let { done, value } = await next; done !== true; { done, value } = await next) {
      next = iterator.next();
      // It is awaited in the next round, or never, when nobody wants it any more.
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    void iterator.return?.();
  }
}

/**
 * A replay skips what has been purged without a word, so the bounds are asked after every batch: whatever they exclude
 * by then may or may not have been read before, and counts as lost.
 */
async function lostMeanwhile(reading: Reading, position: FeedPosition): Promise<ReplayedBatch['lost']> {
  const { window, reader, floor, spell } = reading;
  const bounds = await reader.bounds(window.name);
  const isSame = bounds.epoch === window.epoch && position.generation === window.generation && spell === window.spell;
  if (!isSame) throw new StreamChangedError(window.name);
  const gap = lostAfter(position, bounds);
  if (gap === null) return null;
  // What the ring still holds is not lost, whatever the stream says.
  if (gap.to >= floor.sequence) return { gap: { ...gap, to: floor.sequence }, end: floor };
  return { gap, end: window.at({ sequence: gap.to, mark: markOf(window.epoch) }) };
}
