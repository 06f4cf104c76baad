// Giving a dead letter back to the group that failed, or discarding it.
//
// Y1  a redriven message goes to the group that failed and to no other.
// Y4  each letter is redriven or discarded, once: however often, by however many and whenever that is asked for, its stream
//     takes one message on the subject of that letter. It keeps it for longer than the letter, so nothing is forgotten.
// Y5  a letter is removed only after that is stored; whatever is interrupted in between is done again harmlessly.
// Y7  what speaks against a redrive can be known before: nobody takes it, it has expired, its key has gone on.
import type { OutgoingMessage } from '../contract/encode.ts';
import type { ConsumerProgress, StreamEditor, StreamReader } from '../ports.ts';
import type { DeadLetter } from './dead-letter.ts';
import { discardNoteOf, isDiscardNote } from './discard-note.ts';
import { readLetter, readOriginal } from './read-original.ts';
import { DEAD_LETTER_STREAM, redriveConsumer } from './redrive-names.ts';
import { redrivenMessageOf } from './redriven-message.ts';

/** `before`: somebody else did it, or it was interrupted after it had been done; the letter is removed now. */
type Decided =
  | { readonly kind: 'redriven-before'; readonly position: number }
  | { readonly kind: 'discarded-before' }
  /** The letter is not there any more. */
  | { readonly kind: 'gone' };

export type RedriveOutcome =
  /** `position`: of the redriven message in the stream of dead letters. */
  | { readonly kind: 'redriven'; readonly position: number }
  /** It was too large for a letter, and its stream does not have it any more: it can only be discarded. */
  | { readonly kind: 'lost' }
  | Decided;

export type DiscardOutcome = { readonly kind: 'discarded' } | Decided;

/** What of a back-end is needed. */
export type LetterBroker = { readonly reader: Pick<StreamReader, 'at'>; readonly editor: StreamEditor };

/** Who does it, as messages name them, e.g. `user:ada`, and when. */
export type Operator = { readonly by: string; readonly at: Date };

/**
 * Gives `letter` back to its group. Rejects with PublishError or StreamUnavailableError; whatever was done until then, the
 * same again ends it (Y5).
 */
export async function redrive(broker: LetterBroker, letter: DeadLetter, who: Operator): Promise<RedriveOutcome> {
  const stored = await readOriginal(broker.reader, letter);
  if (stored === 'gone' || stored === 'lost') return { kind: stored };
  const { redrives, firstFailedAt, group } = letter;
  const message = redrivenMessageOf({ stored, redrive: redrives + 1, firstFailedAt }, group, who); // (Y1)
  const { position, before } = await decide(broker, letter, message);
  return before ?? { kind: 'redriven', position };
}

/** Takes `letter` away for good. Rejects as `redrive` does, and is done again as harmlessly. */
export async function discard(broker: LetterBroker, letter: DeadLetter, who: Operator): Promise<DiscardOutcome> {
  if ((await readLetter(broker.reader, letter)) === null) return { kind: 'gone' };
  const { before } = await decide(broker, letter, discardNoteOf(letter, who));
  return before ?? { kind: 'discarded' };
}

/** Says what becomes of `letter`, unless that has been said, and removes it with all its copies. */
async function decide(
  { reader, editor }: LetterBroker,
  letter: DeadLetter,
  message: OutgoingMessage,
): Promise<{ readonly position: number; readonly before: Decided | null }> {
  const { sequence: position, duplicate } = await editor.publishFirst(message); // (Y4)
  const before = duplicate ? await decisionAt(reader, position) : null;
  for (const copy of letter.positions) await editor.remove(DEAD_LETTER_STREAM, copy); // (Y5)
  return { position, before };
}

async function decisionAt(reader: LetterBroker['reader'], position: number): Promise<Decided> {
  const decision = await reader.at(DEAD_LETTER_STREAM, position);
  if (decision !== null && isDiscardNote(decision)) return { kind: 'discarded-before' };
  return { kind: 'redriven-before', position };
}

/**
 * How far a group is with what is redriven to it: it is done, well or badly, with everything up to this position. Null:
 * nobody would ever take it, because there is no durable consumer for it. Rejects with StreamUnavailableError.
 */
export function redriveProgress(
  editor: Pick<StreamEditor, 'progress'>,
  { stream, group }: Pick<DeadLetter, 'stream' | 'group'>,
): Promise<ConsumerProgress | null> {
  return editor.progress(DEAD_LETTER_STREAM, redriveConsumer(stream, group)); // (Y7)
}
