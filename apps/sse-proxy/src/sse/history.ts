// A page of what has been: the same events as a stream gives, read once and not followed. Stream after stream, each in
// its order.
//
// P1  The next page begins where this one ends; nothing in between is skipped, and what is missing is among its gaps.
// P2  A page holds at most as many events as were asked for, and PAGE_BYTES_MAX and one event.
import { StreamUnavailableError, type StreamReader } from '@longwave/messaging';
import { cursorText } from '../domain/cursor.ts';
import type { Gap } from '../domain/gap.ts';
import { filtersReaching, selects, type Selection } from '../domain/selection.ts';
import type { Course } from './advance.ts';
import { encodeEventData, jsonOf } from './event-data.ts';
import type { Hub } from './hub.ts';
import { replay } from './replay.ts';
import { resumeFromMemory, resumeFromStream, type Claim } from './resume.ts';
import type { FeedPosition } from './ring.ts';
import type { StreamWindow } from './stream-window.ts';

export type HistoryPage = {
  /** Each one JSON text. */
  readonly events: readonly Buffer[];
  readonly gaps: readonly Gap[];
  /** Where it ends: for the next page, or to follow from there. */
  readonly next: string;
  /** There is no more for now. */
  readonly isEnd: boolean;
};

const PAGE_BYTES_MAX = 4 * 1024 * 1024;

type HistoryDeps = { readonly course: Course; readonly reader: StreamReader; readonly signal: AbortSignal };

/** Throws StreamUnavailableError, StreamChangedError. */
export type ReadHistory = (
  selection: Selection,
  claim: Claim,
  limit: number,
  signal: AbortSignal,
) => Promise<HistoryPage>;

/** In turn with everybody else who reads from the broker. */
export function historyReader(hub: Hub, reader: StreamReader): ReadHistory {
  return (selection, claim, limit, signal) =>
    hub.gates.starting.pass(() => {
      const course = hub.courseOf(selection);
      if (course === null) throw new StreamUnavailableError('broker-unavailable', selection.streams[0]?.name ?? '');
      return readHistory({ course, reader, signal }, claim, limit);
    });
}

async function readHistory(deps: HistoryDeps, claim: Claim, limit: number): Promise<HistoryPage> {
  const { course, reader } = deps;
  const resumed = await Promise.all(
    course.windows.map(async (window) => {
      return resumeFromMemory(window, claim) ?? (await resumeFromStream(window, claim, course.selection, reader));
    }),
  );
  const page = new Page(
    limit,
    resumed.flatMap(({ gap }) => gap ?? []),
  );
  const positions = resumed.map(({ position }) => position);
  let isEnd = true;
  for (const [index, window] of course.windows.entries()) {
    const from = positions[index] ?? window.start;
    const to = page.isFull ? from : await fill(page, deps, window, from);
    positions[index] = to;
    isEnd &&= to.sequence >= window.position.sequence;
  }
  return { events: page.events, gaps: page.gaps, next: cursorText(positions), isEnd };
}

class Page {
  readonly events: Buffer[] = [];
  readonly gaps: Gap[];
  readonly #limit: number;
  #bytes = 0;

  constructor(limit: number, gaps: readonly Gap[]) {
    this.#limit = limit;
    this.gaps = [...gaps];
  }

  /** (P2) */
  get isFull(): boolean {
    return this.events.length >= this.#limit || this.#bytes >= PAGE_BYTES_MAX;
  }

  get room(): number {
    return this.#limit - this.events.length;
  }

  add(data: Buffer): void {
    const json = jsonOf(data);
    this.events.push(json);
    this.#bytes += json.length;
  }
}

/** From the stream as far as the ring begins, then from the ring. Returns where it ends. */
async function fill(page: Page, deps: HistoryDeps, window: StreamWindow, from: FeedPosition): Promise<FeedPosition> {
  const { selection } = deps.course;
  let position = from;
  if (position.sequence < window.ring.floor.sequence) position = await fillFromStream(page, deps, window, position);
  for (const entry of window.ring.after(position.sequence)) {
    if (page.isFull || entry.position.sequence > window.position.sequence) break;
    position = entry.position;
    if (selects(selection, entry.subject)) page.add(entry.data);
  }
  return position;
}

async function fillFromStream(
  page: Page,
  { course, reader, signal }: HistoryDeps,
  window: StreamWindow,
  from: FeedPosition,
): Promise<FeedPosition> {
  const { selection } = course;
  const stream = selection.streams.find(({ name }) => name === window.name);
  const filters = stream === undefined ? [] : filtersReaching(selection, stream).map(({ text }) => text);
  let position = from;
  for await (const { lost, messages, through } of replay(window, reader, from, filters, signal, page.room)) {
    if (lost !== null) {
      page.gaps.push(lost.gap);
      position = lost.end;
    }
    for (const message of messages) {
      if (page.isFull) return position;
      position = window.positionOf(message);
      if (selects(selection, message.subject)) page.add(encodeEventData(message));
    }
    position = through;
    if (page.isFull) return position;
  }
  return position;
}
