// What comes next for whoever stands somewhere, from what the process has in memory.
//
// Y1  Who conflates is given the last event on each subject of those it is behind by and this process looks at together:
//     up to ENTRIES_MAX of a ring, or a batch of a replay. Its position covers the others.
import { cursorText } from '../domain/cursor.ts';
import type { Gap } from '../domain/gap.ts';
import { latestOnEachSubject } from '../domain/policy.ts';
import { selects, type Selection } from '../domain/selection.ts';
import { Chunk } from './chunk.ts';
import { gapBlock, idBlock, idLine, upstreamBlock } from './frame.ts';
import type { FeedPosition, Ring, RingEntry } from './ring.ts';
import type { StreamWindow } from './stream-window.ts';

/** How far somebody has been served: a position for each stream, and what they were last told of the broker. */
export type Standing = { positions: readonly FeedPosition[]; isUp: boolean };

/** A selection and its streams, in the order of the positions of a standing. */
export type Course = { readonly selection: Selection; readonly windows: readonly StreamWindow[] };

export type Advance = {
  readonly positions: readonly FeedPosition[];
  /** What to write; empty when nothing on the way is for this selection. */
  readonly blocks: Buffer;
  readonly events: number;
  /** When the newest of them was stored; 0 when there is none. */
  readonly storedAtMs: number;
  readonly gaps: readonly Gap[];
  /** It ended because it is enough for one write: there may be more. */
  readonly isFull: boolean;
  /** The index of a stream whose ring does not reach back that far; null when there is none. */
  readonly behind: number | null;
};

/**
 * Blocks above this are left for the next write. It bounds what a client that stalls costs: what it has not taken of
 * its last write, and one event more.
 */
export const BLOCKS_BYTES_MAX = 16 * 1024;
/** Looking at events that are not for this selection takes time, too. */
const ENTRIES_MAX = 2_000;

/** From `from` towards `until`, never beyond. */
export function advance({ selection, windows }: Course, from: Standing, until: Standing): Advance {
  const chunk = new Chunk();
  const positions = [...from.positions];
  if (from.isUp !== until.isUp) chunk.addText(upstreamBlock(until.isUp));
  const gaps = enterGenerations(windows, positions, until.positions);
  for (const gap of gaps) chunk.addText(gapBlock(gap));
  if (gaps.length > 0) chunk.addText(idBlock(cursorText(positions)));

  const budget = { entries: ENTRIES_MAX, storedAtMs: 0 };
  const behind = windows.map(({ ring, generation }, index): boolean => {
    const position = positions[index];
    const target = until.positions[index];
    // Somebody else has yet to notice that the stream is another one.
    if (position === undefined || target?.generation !== generation) return false;
    if (position.sequence < ring.floor.sequence) return true;
    takeEntries({ selection, ring, chunk, positions, budget }, index, target.sequence);
    return false;
  });
  const isFull = budget.entries <= 0 || chunk.bytes >= BLOCKS_BYTES_MAX;
  const first = behind.indexOf(true);
  const { events } = chunk;
  const { storedAtMs } = budget;
  return { positions, blocks: chunk.build(), events, storedAtMs, gaps, isFull, behind: first === -1 ? null : first };
}

/** Moves `positions` of an earlier life of a stream to the beginning of the present one. (W2) */
function enterGenerations(
  windows: readonly StreamWindow[],
  positions: FeedPosition[],
  targets: readonly FeedPosition[],
): readonly Gap[] {
  return windows.flatMap(({ name, generation, start }, index): Gap[] => {
    if (positions[index]?.generation === generation || targets[index]?.generation !== generation) return [];
    positions[index] = start;
    return [{ stream: name, from: 0, to: start.sequence, reason: 'recreated' }];
  });
}

type Taking = {
  readonly selection: Selection;
  readonly ring: Ring;
  readonly chunk: Chunk;
  readonly positions: FeedPosition[];
  readonly budget: { entries: number; storedAtMs: number };
};

function takeEntries(taking: Taking, index: number, last: number): void {
  const { selection, positions, chunk, budget } = taking;
  const isWanted = wantedBetween(taking, positions[index]?.sequence ?? last, last);
  for (const entry of entriesBetween(taking, positions[index]?.sequence ?? last, last)) {
    if (budget.entries <= 0 || chunk.bytes >= BLOCKS_BYTES_MAX) return;
    budget.entries -= 1;
    positions[index] = entry.position;
    if (!isWanted(entry) || !selects(selection, entry.subject)) continue;
    chunk.addEvent(idLine(cursorText(positions)), entry.data);
    budget.storedAtMs = Math.max(budget.storedAtMs, entry.storedAtMs);
  }
}

/** (Y1) Of what lies between, everything, or the last on each subject. */
function wantedBetween(taking: Taking, from: number, last: number): (entry: RingEntry) => boolean {
  if (taking.selection.policy === 'catch-up') return all;
  const latest = latestOnEachSubject(entriesBetween(taking, from, last));
  return (entry) => latest.has(entry);
}

const all = (): boolean => true;

function* entriesBetween({ ring, budget }: Taking, from: number, last: number): Iterable<RingEntry> {
  let left = budget.entries;
  for (const entry of ring.after(from)) {
    if (entry.position.sequence > last || left <= 0) return;
    left -= 1;
    yield entry;
  }
}
