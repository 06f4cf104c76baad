// The message of a dead letter, with its bytes: out of the letter, or, when it was too large for one, out of its stream.
import type { StoredMessage } from '../contract/decode.ts';
import type { StreamReader } from '../ports.ts';
import { originalOf, readDeadLetter, type DeadLetter } from './dead-letter.ts';
import { DEAD_LETTER_STREAM } from './redrive-names.ts';

/** `gone`: the letter was redriven or discarded meanwhile. `lost`: only the letter is left of the message. */
export type Original = StoredMessage | 'gone' | 'lost';

export async function readOriginal(reader: Pick<StreamReader, 'at'>, letter: DeadLetter): Promise<Original> {
  const stored = await readLetter(reader, letter);
  if (stored === null) return 'gone';
  if (!letter.omitted) return originalOf(stored, letter, letter.subject);
  const own = await reader.at(letter.stream, letter.sequence);
  return own?.epoch === letter.epoch ? own : 'lost';
}

/** The first of its copies that is still there; null when none is. */
export async function readLetter(reader: Pick<StreamReader, 'at'>, letter: DeadLetter): Promise<StoredMessage | null> {
  for (const position of letter.positions) {
    const stored = await reader.at(DEAD_LETTER_STREAM, position);
    // A stream that was made anew has something else there.
    if (stored !== null && readDeadLetter(stored)?.identity === letter.identity) return stored;
  }
  return null;
}
