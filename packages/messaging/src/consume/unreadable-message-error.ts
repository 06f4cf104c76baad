// A message that could not be read, as an error that carries why.
import type { DecodeFailure } from '../contract/decode.ts';

export class UnreadableMessageError extends Error {
  override readonly name = 'UnreadableMessageError';
  readonly failure: DecodeFailure;

  constructor(failure: DecodeFailure) {
    super(failure.reason);
    this.failure = failure;
  }
}
