// The newest message of every subject of a selection in one stream: for state that is announced as a whole, so that the
// last of its messages is all there is to know.
//
// N1  The position that a snapshot leads to is one that it vouches for: nothing on a subject of the selection lies up to
//     there that is newer than what is in it.
// N2  Its events carry no id: who loses the connection in the middle of it is given all of it again. (F3)
import type { StreamReader } from '@longwave/messaging';
import type { StoredMessage } from '@longwave/messaging/contract';
import { filtersReaching, selects } from '../domain/selection.ts';
import { BLOCKS_BYTES_MAX, type Course } from './advance.ts';
import { Chunk } from './chunk.ts';
import { encodeEventData } from './event-data.ts';
import { StreamChangedError } from './resume.ts';
import type { FeedPosition } from './ring.ts';
import type { StreamWindow } from './stream-window.ts';
import type { Valve } from './valve.ts';

export type Giving = { readonly course: Course; readonly reader: StreamReader; readonly valve: Valve };

/**
 * Writes it, stream by stream; `given` says up to where, by stream, and is kept up to date. Returns the positions that it
 * leads to; null when the client is gone, or took no more. Throws StreamUnavailableError,
 * StreamChangedError.
 */
export async function giveSnapshot(
  { course, reader, valve }: Giving,
  given: Map<string, number>,
): Promise<readonly FeedPosition[] | null> {
  const positions: FeedPosition[] = [];
  for (const window of course.windows) {
    const snapshot = await readSnapshot(course, window, reader, given.get(window.name) ?? 0);
    for (const { blocks, events, through } of snapshotBlocks(snapshot)) {
      if (valve.isClosed || (valve.isParked && !(await valve.opens()))) return null;
      valve.write(blocks, events);
      given.set(window.name, through);
    }
    positions.push(snapshot.position);
  }
  return positions;
}

type Snapshot = { readonly messages: readonly StoredMessage[]; readonly position: FeedPosition };

async function readSnapshot(
  { selection }: Course,
  window: StreamWindow,
  reader: StreamReader,
  given: number,
): Promise<Snapshot> {
  const { name, position, spell } = window;
  const stream = selection.streams.find((one) => one.name === name);
  const filters = stream === undefined ? [] : filtersReaching(selection, stream).map(({ text }) => text);
  // All filters at once: what comes between two questions would be newer than the first answer and older than the last.
  const found = await reader.lastPerSubject(name, filters);
  const { epoch } = await reader.bounds(name);
  if (epoch !== window.epoch || spell !== window.spell) throw new StreamChangedError(name);
  const messages = found.toSorted((left, right) => left.sequence - right.sequence);
  const last = messages.at(-1);
  return {
    messages: messages.filter(({ sequence, subject }) => sequence > given && selects(selection, subject)),
    // (N1) What was there when we asked was looked at after that.
    position: last === undefined || last.sequence <= position.sequence ? position : window.positionOf(last),
  };
}

type SnapshotBlocks = { readonly blocks: Buffer; readonly events: number; readonly through: number };

/** In the size of one write each. (N2) */
function* snapshotBlocks({ messages }: Snapshot): Generator<SnapshotBlocks> {
  let chunk = new Chunk();
  for (const [index, message] of messages.entries()) {
    chunk.addEvent('', encodeEventData(message));
    if (chunk.bytes < BLOCKS_BYTES_MAX && index < messages.length - 1) continue;
    yield { blocks: chunk.build(), events: chunk.events, through: message.sequence };
    chunk = new Chunk();
  }
}
