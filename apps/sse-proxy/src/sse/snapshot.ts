// The newest message of every subject of a selection: for state that is announced as a whole, so that the last of its
// messages is all there is to know.
//
// N1  What is given of a stream is of one moment, the position that it leads to: whatever is newer, on any subject,
//     comes after that.
// N2  Its events carry no id: who loses the connection in the middle of it is given all of it again. (F3)
// N3  More subjects than are given at once are a gap, told at once: the client has other ways to load the state.
import { TooManySubjectsError, type StreamReader } from '@longwave/messaging';
import type { StoredMessage } from '@longwave/messaging/contract';
import { filtersReaching } from '../domain/selection.ts';
import { BLOCKS_BYTES_MAX, type Course } from './advance.ts';
import { Chunk } from './chunk.ts';
import { encodeEventData } from './event-data.ts';
import { goLive, StreamChangedError, type GivenOfSnapshot, type Resumed } from './resume.ts';
import type { StreamWindow } from './stream-window.ts';
import type { Valve } from './valve.ts';

export type Giving = {
  readonly course: Course;
  readonly reader: StreamReader;
  readonly valve: Valve;
  /** Of each stream. (N3) */
  readonly subjectsMax: number;
  /** By stream; kept up to date. */
  readonly given: Map<string, GivenOfSnapshot>;
};

/**
 * Writes it, stream by stream, subject by subject, from where `given` says. Returns where the client goes on; null when
 * it is gone, or took no more. Throws StreamUnavailableError, StreamChangedError.
 */
export async function giveSnapshot(giving: Giving): Promise<readonly Resumed[] | null> {
  const resumed: Resumed[] = [];
  for (const window of giving.course.windows) {
    const one = await giveStream(giving, window);
    if (one === null) return null;
    resumed.push(one);
  }
  return resumed;
}

async function giveStream(giving: Giving, window: StreamWindow): Promise<Resumed | null> {
  const { given, reader } = giving;
  const { name, generation, spell } = window;
  const known = given.get(name);
  // What was given of another life of the stream is worth nothing. (W2)
  const start = known?.position.generation === generation ? known : { position: window.position, subject: '' };
  const { position, subject } = start;
  given.set(name, start);
  const { subjectsMax } = giving;
  const range = { filters: filtersOf(giving.course, name), upTo: position.sequence, after: subject, subjectsMax };
  try {
    for await (const messages of reader.lastPerSubject(name, range)) {
      await refuseChanged(reader, window, spell);
      if (!(await givePage(giving, name, messages))) return null;
    }
  } catch (error) {
    if (error instanceof TooManySubjectsError) return goLive(window, 'too-many-subjects');
    throw error;
  }
  await refuseChanged(reader, window, spell);
  return { position, gap: null };
}

/** Says whether the client took it. */
async function givePage(giving: Giving, name: string, messages: readonly StoredMessage[]): Promise<boolean> {
  const { given, valve } = giving;
  for (const { blocks, events, through } of pageBlocks(messages)) {
    if (valve.isClosed || (valve.isParked && !(await valve.opens()))) return false;
    valve.write(blocks, events);
    const known = given.get(name);
    if (known !== undefined) given.set(name, { ...known, subject: through });
  }
  return true;
}

function filtersOf({ selection }: Course, name: string): readonly string[] {
  const stream = selection.streams.find((one) => one.name === name);
  return stream === undefined ? [] : filtersReaching(selection, stream).map(({ text }) => text);
}

async function refuseChanged(reader: StreamReader, window: StreamWindow, spell: number): Promise<void> {
  const { epoch } = await reader.bounds(window.name);
  if (epoch !== window.epoch || spell !== window.spell) throw new StreamChangedError(window.name);
}

type PageBlocks = { readonly blocks: Buffer; readonly events: number; readonly through: string };

/** In the size of one write each. (N2) */
function* pageBlocks(messages: readonly StoredMessage[]): Generator<PageBlocks> {
  let chunk = new Chunk();
  for (const [index, message] of messages.entries()) {
    chunk.addEvent('', encodeEventData(message));
    if (chunk.bytes < BLOCKS_BYTES_MAX && index < messages.length - 1) continue;
    yield { blocks: chunk.build(), events: chunk.events, through: message.subject };
    chunk = new Chunk();
  }
}
