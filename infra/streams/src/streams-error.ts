// The one error class of this package. A code is for programs and stays; the message is for the person at the keyboard
// and ends with what to do next.

export type StreamsErrorCode =
  /** Nobody answered before the deadline. */
  | 'server-unreachable'
  /** A server answers, but keeps no streams. */
  | 'jetstream-disabled'
  /** More than one replica on a server that stands alone. */
  | 'not-a-cluster'
  /** The change would lose messages and nobody said that this is wanted. */
  | 'would-lose-messages'
  /** The server will not do it; `cause` has its own words. */
  | 'refused-by-server'
  /** Someone else keeps changing the same streams. */
  | 'not-settled'
  /** The topology itself is wrong. */
  | 'invalid-topology';

export class StreamsError extends Error {
  override readonly name = 'StreamsError';
  readonly code: StreamsErrorCode;

  constructor(code: StreamsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
