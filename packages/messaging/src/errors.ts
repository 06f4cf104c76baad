// What can go wrong between a service and its messages. Whether to try again is in the type, not in a flag.

/** Why a publish did not end well. See `Publisher.publish`. */
export class PublishError extends Error {
  override readonly name = 'PublishError';
  readonly code: 'refused' | 'unavailable' | 'unknown';
  readonly messageId: string;

  constructor(code: PublishError['code'], messageId: string, reason: string, options?: { cause?: unknown }) {
    super(`message ${messageId}: ${reason}`, options);
    this.code = code;
    this.messageId = messageId;
  }
}

/** A stream could not be read. */
export class StreamUnavailableError extends Error {
  override readonly name = 'StreamUnavailableError';
  readonly code: 'no-such-stream' | 'broker-unavailable';

  constructor(code: StreamUnavailableError['code'], stream: string, options?: { cause?: unknown }) {
    super(
      code === 'no-such-stream' ? `there is no stream ${stream}` : `the broker does not answer about ${stream}`,
      options,
    );
    this.code = code;
  }
}

/** More subjects than the caller wants to hear of. Ask with narrower filters. */
export class TooManySubjectsError extends Error {
  override readonly name = 'TooManySubjectsError';
  readonly code = 'too-many-subjects';

  constructor(stream: string, subjectsMax: number) {
    super(`more than ${subjectsMax} subjects of the stream ${stream} match; ask with narrower filters`);
  }
}

/** Thrown by a handler: this message can never be handled. It goes to the dead letters at once. */
export class Reject extends Error {
  override readonly name = 'Reject';
}

/**
 * Thrown by a handler: something it needs is away (its database, say). The message is tried again for as long as that
 * lasts; it is no attempt, because the message is not at fault.
 */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}
