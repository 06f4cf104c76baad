// Putting a message among the dead letters: what is said about its failure, and that it is stored whatever it carries.
import type { StoredMessage } from '../contract/decode.ts';
import type { Source } from '../contract/metadata.ts';
import { PublishError } from '../errors.ts';
import type { Publisher } from '../ports.ts';
import { bareDeadLetterOf, deadLetterOf, type Failure } from './dead-letter.ts';
import type { Held } from './held.ts';
import type { GivenUp } from './outcome.ts';
import { UnreadableMessageError } from './unreadable-message-error.ts';

export function failureOf(held: Held, outcome: GivenUp, error: unknown, lastFailedAt: Date): Failure {
  return {
    cause: error instanceof UnreadableMessageError ? error.failure.code : outcome,
    reason: error instanceof Error ? error.message : String(error),
    stack: error instanceof Error ? error.stack : undefined,
    attempts: held.attempts,
    firstFailedAt: held.redriven?.firstFailedAt ?? held.firstFailedAt ?? lastFailedAt, // (Y6)
    lastFailedAt,
    redrives: held.redriven?.redrive ?? 0,
  };
}

/**
 * Resolves with the letter's id once it is stored. A letter that the broker refuses, for its size most likely, is stored
 * without what the original carried (D2). Rejects with the publisher's PublishError.
 */
export async function storeDeadLetter(
  publisher: Publisher,
  stored: StoredMessage,
  group: string,
  failure: Failure,
  source: Source,
): Promise<string> {
  const letter = deadLetterOf(stored, group, failure, source);
  try {
    await publisher.publish(letter);
  } catch (error) {
    if (!(error instanceof PublishError) || error.code !== 'refused') throw error;
    await publisher.publish(bareDeadLetterOf(stored, group, failure, source));
  }
  return letter.id;
}
