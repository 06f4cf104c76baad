// What a handler may say, and what the caller is told of it: the whole protocol between the two, in one place.
//
// Q8  every reply has a status: 200, or what the handler chose; a Refusal's own; 400 for a request that cannot be read;
//     503 where another try may find somebody who can.
// Q14 the text of an unexpected error stays here; the caller gets an id that stands in the log beside it.
import type { DecodeFailure } from '../contract/decode.ts';
import type { ReplyStatus } from '../contract/reply-status.ts';
import { Reject, Unavailable } from '../errors.ts';
import { Refusal } from './errors.ts';

/** Returned by a handler that has more to say than 200. Throws RangeError: a success is 200 to 299. */
export class Answer<Output> {
  readonly data: Output;
  readonly status: number;
  readonly reason: string | undefined;

  constructor(data: Output, status: number, reason?: string) {
    if (!Number.isInteger(status) || status < 200 || status > 299) {
      throw new RangeError(`${status} is not the status of an answer: 200 to 299; throw a Refusal to refuse`);
    }
    this.data = data;
    this.status = status;
    this.reason = reason;
  }
}

/** Returned by a handler whose answer comes later, perhaps from another process: see `Peer.answer`. */
export const answerLater: unique symbol = Symbol('answer later');

export type HandlerResult<Output> = Output | Answer<Output> | typeof answerLater;

export const BUSY: ReplyStatus = { status: 503, reason: 'busy' };
export const STOPPING: ReplyStatus = { status: 503, reason: 'stopping' };
export const STOPPED_BEFORE_THE_END: ReplyStatus = { status: 504, reason: 'stopped before the request was done' };
export const NOT_SERVED_HERE: ReplyStatus = { status: 501, reason: 'not served here' };

/** `errorId`: under which the error was logged. */
export function statusOfError(error: unknown, errorId: string): ReplyStatus {
  if (error instanceof Refusal) return { status: error.status, reason: error.message };
  if (error instanceof Reject) return { status: 422, reason: `rejected (${errorId})` };
  if (error instanceof Unavailable) return { status: 503, reason: `unavailable (${errorId})` };
  return { status: 500, reason: `unexpected error (${errorId})` };
}

/** A newer request than this build knows may find a newer replica. */
export function statusOfFailure({ code, reason }: DecodeFailure): ReplyStatus {
  return { status: code === 'newer-version' ? 503 : 400, reason: `${code}: ${reason}` };
}
