// What speaks against a redrive, before it is done: a message that has expired is dropped unhandled, and one whose key has
// gone on since is stale to every group that keeps an inbox. Neither is forbidden; whoever redrives is told. (Y7)
import { keyOf } from '../contract/decode.ts';
import type { StreamReader } from '../ports.ts';
import type { DeadLetter } from './dead-letter.ts';

/** What of a stream is looked through for later messages, newest last; reading them costs about a second. */
const LOOKED_AT_MAX = 20_000;

/** By identity, one sentence for each doubt. Rejects with StreamUnavailableError, and with the reason of `signal`. */
export async function redriveDoubts(
  reader: Pick<StreamReader, 'bounds' | 'replay'>,
  letters: readonly DeadLetter[],
  now: Date,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const doubts = new Map<string, string[]>();
  const doubt = ({ identity }: DeadLetter, sentence: string): void =>
    void doubts.set(identity, [...(doubts.get(identity) ?? []), sentence]);
  for (const letter of letters) {
    const { expiresAt } = letter;
    if (expiresAt !== null && expiresAt <= now)
      doubt(letter, `expired at ${expiresAt.toISOString()}: it will be dropped`);
  }
  for (const stream of new Set(letters.map((letter) => letter.stream))) {
    const ofStream = letters.filter((letter) => letter.stream === stream);
    const newest = await newestOfKeys(reader, stream, ofStream, signal);
    for (const letter of ofStream) {
      const later = newest.get(letter.key);
      if (later !== undefined && isLater(later, letter)) doubt(letter, staleness(letter, later.sequence));
    }
  }
  return doubts;
}

type Position = { readonly epoch: number; readonly sequence: number };

function staleness({ key, stream }: DeadLetter, sequence: number): string {
  return `${key} has gone on (${stream} ${sequence}): a group with an inbox will take it as stale and change nothing`;
}

function isLater(left: Position, right: Position): boolean {
  return left.epoch > right.epoch || (left.epoch === right.epoch && left.sequence > right.sequence);
}

/** Where the newest message of each key of `letters` lies, as far as the newest messages of the stream say. */
async function newestOfKeys(
  reader: Pick<StreamReader, 'bounds' | 'replay'>,
  stream: string,
  letters: readonly DeadLetter[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Position>> {
  const keys = new Set(letters.map(({ key }) => key));
  const newest = new Map<string, Position>();
  const { epoch, first, last } = await reader.bounds(stream);
  const after = (letter: DeadLetter): number => (letter.epoch === epoch ? letter.sequence + 1 : first);
  const oldest = letters.reduce((min, letter) => Math.min(min, after(letter)), Number.POSITIVE_INFINITY);
  const range = { from: Math.max(first, oldest, last - LOOKED_AT_MAX + 1), to: last };
  for await (const batch of reader.replay(stream, range, signal)) {
    for (const stored of batch) {
      const key = keyOf(stored);
      if (keys.has(key)) newest.set(key, stored);
    }
  }
  signal.throwIfAborted();
  return newest;
}
