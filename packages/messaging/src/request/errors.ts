// How a request can end other than with its answer. The caller's errors say whether the request may have been handled;
// the handler's say what the caller is to know.

export type CallErrorCode =
  /** Nobody serves it there. It was not handled. */
  | 'no-responders'
  /** It was never sent: the broker was away, as many requests as allowed were waiting, or nats.js does not take it. */
  | 'unavailable'
  | 'too-many-in-flight'
  | 'unsendable'
  /** No answer in time, or none that can still come: it may have been handled, or be handled yet. */
  | 'timeout'
  | 'disconnected'
  | 'aborted'
  | 'stopped'
  /** Somebody answered something that is no reply to this request. */
  | 'bad-reply';

const NOT_HANDLED: readonly CallErrorCode[] = ['no-responders', 'unavailable', 'too-many-in-flight', 'unsendable'];

/** A request that got no reply. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly code: CallErrorCode;
  /** `unknown`: only a request that is idempotent may be made again without asking what became of it. */
  readonly outcome: 'not-handled' | 'unknown';

  constructor(code: CallErrorCode, reason: string, options?: { cause?: unknown; wasSent?: boolean }) {
    super(reason, options);
    this.code = code;
    const mayBeHandled = options?.wasSent ?? !NOT_HANDLED.includes(code);
    this.outcome = mayBeHandled ? 'unknown' : 'not-handled';
  }
}

const RETRYABLE_BELOW_500: readonly number[] = [408, 425, 429];
const NOT_IMPLEMENTED = 501;

/** A request that was answered with a status that is no success. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';
  readonly code = 'refused';
  readonly status: number;
  readonly reason: string;
  /** The same request may succeed later: that is in the status. Whether it may be made twice is in its contract. */
  readonly retryable: boolean;

  constructor(status: number, reason: string, typeName: string) {
    super(`${typeName} was answered with ${status}: ${reason}`);
    this.status = status;
    this.reason = reason;
    this.retryable = status >= 500 ? status !== NOT_IMPLEMENTED : RETRYABLE_BELOW_500.includes(status);
  }
}

/** Thrown by a handler: the request is answered with this status, 400 to 599, and this phrase, which is public. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(status: number, reason: string, options?: { cause?: unknown }) {
    super(reason, options);
    if (!Number.isInteger(status) || status < 400 || status > 599) {
      throw new RangeError(`${status} is not the status of a refusal: 400 to 599`);
    }
    this.status = status;
  }
}
