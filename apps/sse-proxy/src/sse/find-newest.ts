// Where the newest few events of a selection begin in a stream. The ring knows mostly; what has not reached it yet, and
// what it no longer reaches, is read from the stream: backwards, in steps, because a stream cannot be asked for "the last
// ten on these subjects".
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
  const { ring } = search.window;
  // All of one moment: the ring goes on while the stream is asked.
  const [inRing, floor, last] = [newestInRing(search, count), ring.floor.sequence, ring.last.sequence];
  // Stored, and still on its way here: it counts, or who asks for two would be given two older ones and then this.
  const from = Math.max(last + 1, bounds.last - LOOK_BACK_MAX + 1);
  const onItsWay = await newestWithin(search, { from, to: bounds.last }, count);
  const found = [...onItsWay, ...inRing].slice(0, count);
  const first = Math.max(bounds.first, last - LOOK_BACK_MAX + 1);
  for (let to = floor; to >= first && found.length < count; to -= STEP) {
    const range = { from: Math.max(first, to - STEP + 1), to };
    found.push(...(await newestWithin(search, range, count - found.length)));
  }
  return found.at(-1) ?? last + 1;
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

/** Newest first. */
async function newestWithin(
  { window, selection, reader }: Search,
  { from, to }: { readonly from: number; readonly to: number },
  count: number,
): Promise<number[]> {
  if (from > to) return [];
  const filters = selection.streams
    .filter((stream) => stream.name === window.name)
    .flatMap((stream) => filtersReaching(selection, stream).map(({ text }) => text));
  const sequences: number[] = [];
  const range = { from, to, filters, batch: BATCH };
  for await (const batch of reader.replay(window.name, range, new AbortController().signal)) {
    for (const { sequence } of batch) sequences.push(sequence);
  }
  return sequences.toReversed().slice(0, count);
}
