// Where the newest few events of a selection begin in a stream. The ring knows mostly; what it does not reach is read
// backwards, in steps, because a stream cannot be asked for "the last ten on these subjects".
import type { StreamBounds, StreamReader } from '@longwave/messaging';
import { filtersReaching, selects, type Selection } from '../domain/selection.ts';
import type { StreamWindow } from './stream-window.ts';

export type Search = {
  readonly window: StreamWindow;
  readonly selection: Selection;
  readonly reader: StreamReader;
};

const STEP = 5_000;
const BATCH = 1_000;
/** Further back nothing is looked for: a filter that never matches would have the whole stream read. */
const LOOK_BACK_MAX = 50_000;

/**
 * The sequence of the oldest of the newest `count` events; of the oldest that was found when there are fewer; the next
 * one of the stream when there is none. Throws StreamUnavailableError.
 */
export async function findNewest(search: Search, bounds: StreamBounds, count: number): Promise<number> {
  const { ring, name } = search.window;
  const found = newestInRing(search, count);
  const first = Math.max(bounds.first, ring.last.sequence - LOOK_BACK_MAX + 1);
  for (let to = ring.floor.sequence; to >= first && found.length < count; to -= STEP) {
    const filters = search.selection.streams
      .filter((stream) => stream.name === name)
      .flatMap((stream) => filtersReaching(search.selection, stream).map(({ text }) => text));
    const range = { from: Math.max(first, to - STEP + 1), to, filters, batch: BATCH };
    const sequences = await sequencesIn(search.reader, name, range);
    found.push(...sequences.toReversed().slice(0, count - found.length));
  }
  return found.at(-1) ?? ring.last.sequence + 1;
}

/** Newest first. */
function newestInRing({ window, selection }: Search, count: number): number[] {
  const found: number[] = [];
  for (const { subject, position } of window.ring.backwards()) {
    if (found.length === count) break;
    if (selects(selection, subject)) found.push(position.sequence);
  }
  return found;
}

async function sequencesIn(
  reader: StreamReader,
  stream: string,
  range: Parameters<StreamReader['replay']>[1],
): Promise<readonly number[]> {
  const sequences: number[] = [];
  for await (const batch of reader.replay(stream, range, new AbortController().signal)) {
    for (const { sequence } of batch) sequences.push(sequence);
  }
  return sequences;
}
