// Why nothing is pulled, in words that may be shown to anybody: what we know, or the code or the class of the error. Its own
// text, which may hold an address or what somebody has written, is for the log.
import { JetStreamApiError } from '@nats-io/jetstream';
import { errorTypeOf } from '../observe/error-type.ts';

const STREAM_NOT_FOUND = 10_059;
const CONSUMER_NOT_FOUND = 10_014;

export function interruptionOf(
  error: unknown,
  { stream, consumer }: { readonly stream: string; readonly consumer: string },
): string {
  if (!(error instanceof JetStreamApiError)) return `nats-server does not answer as it should (${errorTypeOf(error)})`;
  if (error.code === STREAM_NOT_FOUND) return `there is no stream ${stream}`;
  if (error.code === CONSUMER_NOT_FOUND) return `there is no consumer ${consumer} on ${stream}`;
  return `nats-server refuses it (error ${error.code})`;
}

/** Neither a stream nor a consumer of that name. */
export function isNotThere(error: unknown): boolean {
  return error instanceof JetStreamApiError && (error.code === STREAM_NOT_FOUND || error.code === CONSUMER_NOT_FOUND);
}
