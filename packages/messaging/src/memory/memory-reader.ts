// Reading streams in memory by position.
import type { StoredMessage } from '../contract/decode.ts';
import { checkRange } from '../check-range.ts';
import { filterMatches, parseFilter } from '../contract/filter.ts';
import { TooManySubjectsError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { StreamFollowing, StreamReader } from '../ports.ts';
import type { Time } from '../time.ts';
import { MemoryFollowing } from './memory-following.ts';
import type { MemoryStream } from './memory-stream.ts';
import type { MemoryTopology } from './memory-topology.ts';

const REPLAY_BATCH = 256;

/** `onFollow`: is told of every following that is begun. */
export function createMemoryReader(
  topology: MemoryTopology,
  time: Time,
  log: Log,
  onFollow: (following: StreamFollowing) => void,
): StreamReader {
  return {
    bounds: async (stream) => topology.streamNamed(stream).bounds(),
    at: async (stream, sequence) => topology.streamNamed(stream).at(sequence),
    replay: async function* (stream, range, signal) {
      checkRange(range);
      const { from, to, filters = [], batch = REPLAY_BATCH } = range;
      const wanted = wantedBy(filters);
      let next = from;
      while (!signal.aborted) {
        const { messages, end } = readBatch(topology.streamNamed(stream), { from: next, to, batch }, wanted);
        if (messages.length > 0) yield messages;
        if (end === null) return;
        next = end;
      }
    },
    lastPerSubject: async function* (stream, { filters = [], upTo, after = '', subjectsMax }) {
      const isWanted = wantedBy(filters);
      const counts = (message: StoredMessage): boolean => message.sequence <= upTo && isWanted(message);
      const found = topology.streamNamed(stream).from(0).filter(counts);
      const newest = new Map(found.map((message) => [message.subject, message]));
      if (newest.size > subjectsMax) throw new TooManySubjectsError(stream, subjectsMax);
      const subjects = [...newest.keys()].filter((subject) => subject > after).toSorted();
      if (subjects.length > 0) yield subjects.flatMap((subject) => newest.get(subject) ?? []);
    },
    sequenceAt: async (stream, at) => {
      const found = topology.streamNamed(stream);
      return found.from(0).find(({ storedAt }) => storedAt >= at)?.sequence ?? found.bounds().last + 1;
    },
    follow: (stream, from, listener) => {
      const following = new MemoryFollowing({ topology, stream, from, listener, time, log });
      onFollow(following);
      return following;
    },
  };
}

function wantedBy(filters: readonly string[]): (message: StoredMessage) => boolean {
  const parsed = filters.map(parseFilter);
  return ({ subject }) => parsed.length === 0 || parsed.some((filter) => filterMatches(filter, subject));
}

/** `end`: where the next batch begins; null when there is none. */
function readBatch(
  stream: MemoryStream,
  { from, to, batch }: { readonly from: number; readonly to: number; readonly batch: number },
  isWanted: (message: StoredMessage) => boolean,
): { readonly messages: readonly StoredMessage[]; readonly end: number | null } {
  const messages: StoredMessage[] = [];
  let message = stream.next(from);
  while (message !== null && message.sequence <= to) {
    if (isWanted(message)) messages.push(message);
    if (messages.length === batch) return { messages, end: message.sequence + 1 };
    message = stream.next(message.sequence + 1);
  }
  return { messages, end: null };
}
