// A message that will not be tried again, kept with everything one needs to understand and to redrive it: its own
// bytes and headers, what went wrong, and where it lay.
//
// D1  a dead letter has one identity, `<stream>:<epoch>:<sequence>:<group>`: however often a consumer dies between
//     storing it and settling the original, it is stored once.
// D2  every message can be one: what its headers or its size make impossible to send is escaped or left out.
import { encodeToken } from '../contract/token.ts';
import { idOf, type StoredMessage } from '../contract/decode.ts';
import type { OutgoingMessage } from '../contract/encode.ts';
import { decodeMetadata, encodeMetadata, type Source } from '../contract/metadata.ts';

/** Its ce-type: no contract has it, because it carries the payload of another message. */
export const DEAD_LETTER_CE_TYPE = 'longwave.DeadLetter.v1';

/** Every cause there is: metrics start each at zero. */
export const deadLetterCauses = [
  'rejected',
  'attempts-exhausted',
  'unknown-type',
  'newer-version',
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
};

/** A stack is there to find the place; headers are no place for all of it. */
const STACK_LENGTH_MAX = 2_000;
const REASON_LENGTH_MAX = 1_000;

/** The dead letter of `stored`, for the stream that keeps `dead-letter.>`. */
export function deadLetterOf(stored: StoredMessage, group: string, failure: Failure, source: Source): OutgoingMessage {
  const id = `${stored.stream}:${stored.epoch}:${stored.sequence}:${group}`; // (D1)
  const original = decodeMetadata(stored.headers);
  const originalId = idOf(stored);
  const headers = {
    ...originalHeaders(stored),
    ...positionHeaders(stored),
    ...encodeMetadata({
      id,
      source,
      ceType: DEAD_LETTER_CE_TYPE,
      time: failure.lastFailedAt,
      key: id,
      correlationId: original.correlationId ?? originalId,
      causationId: originalId,
      ...(original.traceparent === undefined ? {} : { traceparent: original.traceparent }),
    }),
    'lw-group': group,
    'lw-cause': failure.cause,
    'lw-error': encodeURIComponent(failure.reason.slice(0, REASON_LENGTH_MAX).toWellFormed()),
    'lw-stack': encodeURIComponent((failure.stack ?? '').slice(0, STACK_LENGTH_MAX).toWellFormed()),
    'lw-attempts': String(failure.attempts),
    'lw-first-failed-at': failure.firstFailedAt.toISOString(),
    'lw-last-failed-at': failure.lastFailedAt.toISOString(),
  };
  const subject = `dead-letter.${encodeToken(stored.stream)}.${encodeToken(group)}`;
  return { id, subject, key: id, headers, payload: stored.payload };
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

/** What the original carried, under names that no reader takes for the dead letter's own. */
function originalHeaders({ headers }: StoredMessage): Record<string, string> {
  const carried = Object.entries(headers).map(([name, value]) => [
    `lw-original-${sendableName(name.toLowerCase())}`,
    sendableValue(value),
  ]);
  return Object.fromEntries(carried);
}

function positionHeaders(stored: StoredMessage): Record<string, string> {
  return {
    'lw-original-stream': stored.stream,
    'lw-original-epoch': String(stored.epoch),
    'lw-original-sequence': String(stored.sequence),
    'lw-original-subject': stored.subject,
    'lw-original-stored-at': stored.storedAt.toISOString(),
  };
}

// A stranger's header may be one that we could not send: then the letter would never be stored, and its key wait for ever.
const sendableName = (name: string): string => name.replace(/[^\x21-\x24\x26-\x39\x3B-\x7E]+/g, encodeURIComponent);
const sendableValue = (value: string): string => value.replace(/[\r\n]+/g, encodeURIComponent);
