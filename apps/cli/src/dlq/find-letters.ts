// The letters that somebody has named: all of them or an error, so that nothing is done to half of what was meant.
import {
  identityOf,
  listDeadLetters,
  parseLetterId,
  type DeadLetter,
  type FoundLetters,
  type LetterFilter,
} from '@longwave/messaging/dead-letters';
import type { JetStreamBackend } from '@longwave/messaging/jetstream';
import { CommandError, UsageError } from '../command-context.ts';

/** Ninety days of letters are read in seconds; who waits for longer waits for nothing. */
const READ_WITHIN_MS = 120_000;

export function readLetters({ reader }: JetStreamBackend, filter: LetterFilter): Promise<FoundLetters> {
  return listDeadLetters(reader, filter, AbortSignal.timeout(READ_WITHIN_MS));
}

/**
 * The newest letter of each identity, in the order given. However many are named, the letters are read once. Throws
 * UsageError, CommandError.
 */
export async function findLetters(broker: JetStreamBackend, named: readonly string[]): Promise<readonly DeadLetter[]> {
  const identities = [...new Set(named.map(identityIn))];
  const { letters, leftovers } = await readLetters(broker, filterOf(identities));
  // Of the same identity what comes later here counts: a letter before a leftover, and the newest of them.
  const newest = new Map([...leftovers, ...letters].map((letter) => [letter.identity, letter]));
  return identities.map((identity) => {
    const letter = newest.get(identity);
    if (letter === undefined) throw missing(identity);
    return letter;
  });
}

/** The identity in what was typed. Throws UsageError. */
function identityIn(text: string): string {
  const place = parseLetterId(text);
  if (place !== null) return identityOf(place);
  throw new UsageError(
    `"${text}" is no dead letter: <stream>:<epoch>:<sequence>:<group>, as longwave dlq list prints it.`,
  );
}

/** As little as has to be read for all of them. */
function filterOf(identities: readonly string[]): LetterFilter {
  const [stream, ...streams] = new Set(identities.map((identity) => parseLetterId(identity)?.stream));
  const [identity, ...others] = identities;
  return {
    ...(stream !== undefined && streams.length === 0 && { stream }),
    ...(identity !== undefined && others.length === 0 && { identity }),
  };
}

function missing(identity: string): CommandError {
  return new CommandError(
    `There is no dead letter ${identity}. It was redriven or discarded, or has expired after 90 days; longwave dlq list shows those there are. Nothing was done.`,
  );
}
