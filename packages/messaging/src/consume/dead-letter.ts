// A message that will not be tried again, kept with everything one needs to understand and to redrive it: its own
// bytes and headers, what went wrong, and where it lay.
//
// D1  a dead letter has one identity, `<stream>:<epoch>:<sequence>:<group>`: however often a consumer dies between
//     storing it and settling the original, it is stored once. What was redriven and fails again is another letter of
//     the same identity (Y6).
// D2  every message can be one: what its headers or its size make impossible to send is escaped or left out.
import { idOf, type StoredMessage } from '../contract/decode.ts';
import type { OutgoingMessage } from '../contract/encode.ts';
import { decodeMetadata, encodeMetadata, type Source } from '../contract/metadata.ts';
import { letterIdOf } from '../dead-letters/letter-id.ts';
import { carriedHeaders, placeHeaders } from '../dead-letters/original-headers.ts';
import { letterSubject } from '../dead-letters/redrive-names.ts';

/** Its ce-type: no contract has it, because it carries the payload of another message. */
export const DEAD_LETTER_CE_TYPE = 'longwave.DeadLetter.v1';

/** Every cause there is: metrics start each at zero. */
export const deadLetterCauses = [
  'rejected',
  'attempts-exhausted',
  'crashed',
  'unknown-type',
  'newer-version',
  'unexpected-content-type',
  'not-json',
  'invalid-payload',
  'invalid-data',
] as const;
export type DeadLetterCause = (typeof deadLetterCauses)[number];

export type Failure = {
  readonly cause: DeadLetterCause;
  readonly reason: string;
  readonly stack?: string | undefined;
  readonly attempts: number;
  readonly firstFailedAt: Date;
  readonly lastFailedAt: Date;
  /** How often it had been redriven before. */
  readonly redrives: number;
};

/** A stack is there to find the place; headers are no place for all of it. */
const STACK_LENGTH_MAX = 2_000;
const REASON_LENGTH_MAX = 1_000;

/** The dead letter of `stored`, for the stream that keeps `dead-letter.>`. */
export function deadLetterOf(stored: StoredMessage, group: string, failure: Failure, source: Source): OutgoingMessage {
  const place = { ...stored, group };
  const id = letterIdOf(place, failure.redrives); // (D1)
  const original = decodeMetadata(stored.headers);
  const originalId = idOf(stored);
  const headers = {
    ...carriedHeaders(stored),
    ...placeHeaders(stored),
    ...encodeMetadata({
      id,
      source,
      ceType: DEAD_LETTER_CE_TYPE,
      time: failure.lastFailedAt,
      key: id,
      correlationId: original.correlationId ?? originalId,
      causationId: originalId,
      ...(original.contentType === undefined ? {} : { contentType: original.contentType }),
      ...(original.traceparent === undefined ? {} : { traceparent: original.traceparent }),
    }),
    'lw-group': group,
    'lw-cause': failure.cause,
    'lw-error': encodeURIComponent(failure.reason.slice(0, REASON_LENGTH_MAX).toWellFormed()),
    'lw-stack': encodeURIComponent((failure.stack ?? '').slice(0, STACK_LENGTH_MAX).toWellFormed()),
    'lw-attempts': String(failure.attempts),
    'lw-first-failed-at': failure.firstFailedAt.toISOString(),
    'lw-last-failed-at': failure.lastFailedAt.toISOString(),
    'lw-redrives': String(failure.redrives),
  };
  return { id, subject: letterSubject(place), key: id, headers, payload: stored.payload };
}

/**
 * The dead letter without what the original carried, for one that is larger than the broker takes (D2). The stream still
 * has the original at its position, for as long as it keeps messages.
 */
export function bareDeadLetterOf(
  stored: StoredMessage,
  group: string,
  failure: Failure,
  source: Source,
): OutgoingMessage {
  const letter = deadLetterOf({ ...stored, headers: {} }, group, failure, source);
  return { ...letter, headers: { ...letter.headers, 'lw-omitted': 'headers, payload' }, payload: new Uint8Array() };
}
