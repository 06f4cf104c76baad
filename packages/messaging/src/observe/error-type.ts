// What an error is called in metrics: a code of ours or the name of its class, never its text, so that the names stay few.
import { UnreadableMessageError } from '../consume/unreadable-message-error.ts';
import { PublishError } from '../errors.ts';
import { OTHER } from './destination-templates.ts';

/** `error.type` of the semantic conventions. */
export function errorTypeOf(error: unknown): string {
  if (error instanceof PublishError) return error.code;
  if (error instanceof UnreadableMessageError) return error.failure.code;
  return error instanceof Error ? error.constructor.name : OTHER;
}
