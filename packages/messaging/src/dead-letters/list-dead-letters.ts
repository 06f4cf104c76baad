// The dead letters there are: what the stream holds, without what was redriven or discarded since.
//
// Y3  a letter whose redrive or discard is stored is none any more, also when whoever did it died before removing it: it
//     is told apart as a leftover, for the next who redrives or discards it to remove.
import type { StoredMessage } from '../contract/decode.ts';
import { encodeToken } from '../contract/token.ts';
import type { StreamReader } from '../ports.ts';
import { readDeadLetter, type DeadLetter } from './dead-letter.ts';
import { identityOf } from './letter-id.ts';
import { DEAD_LETTER_STREAM, parseRedriveSubject } from './redrive-names.ts';

/** What is wanted; all of it where nothing is said. `type`: a ce-type, or the name in it, such as `PackageCreated`. */
export type LetterFilter = {
  readonly identity?: string;
  readonly stream?: string;
  readonly group?: string;
  readonly type?: string;
};

/** Both in the order in which they failed for good. `leftovers`: decided, and not removed yet. */
export type FoundLetters = { readonly letters: readonly DeadLetter[]; readonly leftovers: readonly DeadLetter[] };

/** Reads everything in the stream that may match. Throws StreamUnavailableError, and the reason of `signal`. */
export async function listDeadLetters(
  reader: Pick<StreamReader, 'bounds' | 'replay'>,
  filter: LetterFilter,
  signal: AbortSignal,
): Promise<FoundLetters> {
  const collection = new Collection(filter);
  const { first, last } = await reader.bounds(DEAD_LETTER_STREAM);
  const subjects = `${DEAD_LETTER_STREAM}.${filter.stream === undefined ? '' : `${encodeToken(filter.stream)}.`}>`;
  for await (const batch of reader.replay(DEAD_LETTER_STREAM, { from: first, to: last, filters: [subjects] }, signal)) {
    for (const stored of batch) collection.add(stored);
  }
  signal.throwIfAborted();
  return collection.found();
}

class Collection {
  readonly #filter: LetterFilter;
  /** By identity and redrives: each failure once, however often its letter was stored. */
  readonly #letters = new Map<string, DeadLetter>();
  /** By identity: the newest redrive, or discard in its place. */
  readonly #decided = new Map<string, number>();

  constructor(filter: LetterFilter) {
    this.#filter = filter;
  }

  add(stored: StoredMessage): void {
    const decided = parseRedriveSubject(stored.subject);
    if (decided !== null) {
      const identity = identityOf(decided);
      this.#decided.set(identity, Math.max(decided.redrive, this.#decided.get(identity) ?? 0));
      return;
    }
    const letter = readDeadLetter(stored);
    if (letter === null || !isWanted(letter, this.#filter)) return;
    const failure = `${letter.identity}:${letter.redrives}`;
    const positions = [...(this.#letters.get(failure)?.positions ?? []), ...letter.positions];
    this.#letters.set(failure, { ...letter, positions });
  }

  /** (Y3) */
  found(): FoundLetters {
    const all = [...this.#letters.values()].toSorted((a, b) => a.lastFailedAt.getTime() - b.lastFailedAt.getTime());
    const isLeftover = ({ identity, redrives }: DeadLetter): boolean => (this.#decided.get(identity) ?? 0) > redrives;
    return { letters: all.filter((letter) => !isLeftover(letter)), leftovers: all.filter(isLeftover) };
  }
}

function isWanted({ identity, stream, group, type }: DeadLetter, filter: LetterFilter): boolean {
  if (filter.identity !== undefined && identity !== filter.identity) return false;
  if (filter.stream !== undefined && stream !== filter.stream) return false;
  if (filter.group !== undefined && group !== filter.group) return false;
  return filter.type === undefined || type === filter.type || nameOf(type) === filter.type;
}

/** `longwave.PackageCreated.v1` is a `PackageCreated`. */
function nameOf(ceType: string | null): string | null {
  return ceType?.split('.').at(-2) ?? null;
}
