// That a letter was discarded, and by whom: a message where its redrive would be. So of one who redrives and one who
// discards the first decides, what was decided is not forgotten, and whoever records messages has it.
import type { StoredMessage } from '../contract/decode.ts';
import type { OutgoingMessage } from '../contract/encode.ts';
import { encodeMetadata } from '../contract/metadata.ts';
import type { Payload } from '../contract/payload.ts';
import type { DeadLetter } from './dead-letter.ts';
import { redriveSubject } from './redrive-names.ts';

/** Its ce-type; no contract has it, because no group handles it. */
const DISCARDED_CE_TYPE = 'longwave.DeadLetterDiscarded.v1';
const source = { instance: 'longwave', replica: 'dlq' };

/** `by`: who discards it, e.g. `user:ada`. */
export function discardNoteOf(
  letter: DeadLetter,
  { by: actor, at: time }: { readonly by: string; readonly at: Date },
): OutgoingMessage {
  const { identity, redrives, messageId } = letter;
  const id = `${identity}:discard:${redrives + 1}`;
  const metadata = encodeMetadata({
    id,
    source,
    ceType: DISCARDED_CE_TYPE,
    time,
    key: identity,
    correlationId: letter.correlationId ?? messageId,
    causationId: messageId,
    actor,
  });
  const payload: Payload = { version: 1, createdAt: time.toISOString() };
  return {
    id,
    subject: redriveSubject(letter, redrives + 1),
    key: identity,
    headers: { ...metadata, 'lw-discard': id },
    payload: new TextEncoder().encode(JSON.stringify(payload)),
  };
}

/** A redriven message may carry any header of its original, but says that it is one. */
export function isDiscardNote({ headers }: Pick<StoredMessage, 'headers'>): boolean {
  return headers['lw-discard'] !== undefined && headers['lw-redrive'] === undefined;
}
