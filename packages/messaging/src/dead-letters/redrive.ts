// Giving a dead letter back to the group that failed, or taking it away for good.
//
// Y1  a redriven message goes to the group that failed and to no other.
// Y4  a letter is redriven once: however often, by however many and whenever that is asked for, its stream takes one
//     message on the subject of that redrive. It keeps it for longer than the letter, so there is nothing to forget.
// Y5  a letter is removed only after its redrive is stored; whatever is interrupted in between is done again harmlessly.
// Y7  what speaks against a redrive can be known before: nobody takes it, it has expired, its key has gone on.
import type { ConsumerProgress, StreamEditor, StreamReader } from '../ports.ts';
import type { DeadLetter } from './dead-letter.ts';
import { readOriginal } from './read-original.ts';
import { DEAD_LETTER_STREAM, redriveConsumer } from './redrive-names.ts';
import { redrivenMessageOf } from './redriven-message.ts';

export type RedriveOutcome =
  /** `position`: of the redriven message in the stream of dead letters. */
  | { readonly kind: 'redriven'; readonly position: number }
  /** Somebody else did it, or it was interrupted after it had been done; the letter is removed now. */
  | { readonly kind: 'redriven-before'; readonly position: number }
  /** The letter is not there any more. */
  | { readonly kind: 'gone' }
  /** It was too large for a letter, and its stream does not have it any more. */
  | { readonly kind: 'lost' };

type Broker = { readonly reader: Pick<StreamReader, 'at'>; readonly editor: StreamEditor };

/**
 * Gives `letter` back to its group. `by`: who does it, e.g. `user:ada`. Rejects with PublishError or
 * StreamUnavailableError; whatever was done until then, the same again ends it (Y5).
 */
export async function redrive(
  { reader, editor }: Broker,
  letter: DeadLetter,
  who: { readonly by: string; readonly at: Date },
): Promise<RedriveOutcome> {
  const stored = await readOriginal(reader, letter);
  if (stored === 'gone' || stored === 'lost') return { kind: stored };
  const { redrives, firstFailedAt, group } = letter;
  const message = redrivenMessageOf({ stored, redrive: redrives + 1, firstFailedAt }, group, who); // (Y1)
  const { sequence: position, duplicate } = await editor.publishFirst(message); // (Y4)
  await discard(editor, letter); // (Y5)
  return { kind: duplicate ? 'redriven-before' : 'redriven', position };
}

/** Removes `letter` with all its copies. Resolves with whether any was there. Rejects with StreamUnavailableError. */
export async function discard(editor: Pick<StreamEditor, 'remove'>, letter: DeadLetter): Promise<boolean> {
  const removed: boolean[] = [];
  for (const position of letter.positions) removed.push(await editor.remove(DEAD_LETTER_STREAM, position));
  return removed.includes(true);
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
