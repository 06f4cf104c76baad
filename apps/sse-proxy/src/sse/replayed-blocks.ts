// A replayed batch as blocks of the size of one write. Made one by one, when they are wanted: what a client's socket
// does not take is not encoded either.
import { cursorText } from '../domain/cursor.ts';
import { latestOnEachSubject } from '../domain/policy.ts';
import { selects, type Selection } from '../domain/selection.ts';
import { BLOCKS_BYTES_MAX, type Standing } from './advance.ts';
import { Chunk } from './chunk.ts';
import { encodeEventData } from './event-data.ts';
import { gapBlock, idBlock, idLine } from './frame.ts';
import type { ReplayedBatch } from './replay.ts';
import type { FeedPosition } from './ring.ts';
import type { StreamWindow } from './stream-window.ts';

export type ReplayedBlocks = {
  readonly blocks: Buffer;
  readonly events: number;
  /** Where the client stands with them. */
  readonly standing: Standing;
};

/** `index` is that of the replayed stream among the positions of `from`. */
export function* replayedBlocks(
  selection: Selection,
  window: StreamWindow,
  index: number,
  from: Standing,
  { lost, messages, through }: ReplayedBatch,
): Generator<ReplayedBlocks> {
  let chunk = new Chunk();
  let { positions } = from;
  const moveTo = (position: FeedPosition): void => {
    positions = positions.with(index, position);
  };
  const cut = (): ReplayedBlocks => {
    const { events } = chunk;
    const blocks = chunk.build();
    chunk = new Chunk();
    return { blocks, events, standing: { positions, isUp: from.isUp } };
  };
  if (lost !== null) {
    moveTo(lost.end);
    chunk.addText(gapBlock(lost.gap) + idBlock(cursorText(positions)));
  }
  const latest = selection.policy === 'conflate' ? latestOnEachSubject(messages) : null; // (Y1)
  for (const message of messages) {
    moveTo(window.positionOf(message));
    const isWanted = latest === null || latest.has(message);
    if (isWanted && selects(selection, message.subject))
      chunk.addEvent(idLine(cursorText(positions)), encodeEventData(message));
    if (chunk.bytes >= BLOCKS_BYTES_MAX) yield cut();
  }
  moveTo(through);
  yield cut();
}
