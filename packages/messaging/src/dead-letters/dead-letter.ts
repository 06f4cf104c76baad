// A dead letter as an operator looks at it: what failed, where, how often and why. Read from what the consumer stored
// (`../consume/dead-letter.ts`). It has no payload, so that thousands of letters can be looked at; `read-original.ts` has.
import { idOf, keyOf, type StoredMessage } from '../contract/decode.ts';
import { decodeMetadata, decodeValue, type Headers } from '../contract/metadata.ts';
import { identityOf, parseLetterId, type LetterPlace } from './letter-id.ts';
import { originalHeadersOf } from './original-headers.ts';

/** Stream, epoch, sequence, subject, headers and storedAt are those of the message that failed. */
export type DeadLetter = LetterPlace & {
  /** `<stream>:<epoch>:<sequence>:<group>` */
  readonly identity: string;
  /** How often it had been redriven when it failed for good this time. */
  readonly redrives: number;
  readonly cause: string;
  readonly reason: string;
  readonly stack: string;
  readonly attempts: number;
  readonly firstFailedAt: Date;
  readonly lastFailedAt: Date;
  /** The replica that gave it up: `/<instance>/<replica>`. */
  readonly failedAt: string;
  readonly subject: string;
  readonly storedAt: Date;
  /** Their names in lower case. */
  readonly headers: Headers;
  readonly messageId: string;
  /** Its ce-type; null when it has none. */
  readonly type: string | null;
  readonly key: string;
  readonly correlationId: string | null;
  readonly traceparent: string | null;
  readonly expiresAt: Date | null;
  readonly payloadBytes: number;
  /** Headers and payload were too large for a letter; the message's own stream may still have them. */
  readonly omitted: boolean;
  /** Where it lies in the stream of dead letters; more than one when it was stored more than once. */
  readonly positions: readonly number[];
};

/** Null for what is no dead letter. */
export function readDeadLetter(stored: StoredMessage): DeadLetter | null {
  const { headers, payload, sequence: position } = stored;
  const place = parseLetterId(decodeValue(headers['ce-id']) ?? '');
  const subject = headers['lw-original-subject'];
  if (place === null || subject === undefined) return null;
  const { ceType, correlationId, traceparent, expiresAt } = decodeMetadata(originalHeadersOf(headers));
  const original = originalOf(stored, place, subject);
  const lastFailedAt = instant(headers['lw-last-failed-at']) ?? stored.storedAt;
  return {
    ...place,
    identity: identityOf(place),
    cause: headers['lw-cause'] ?? 'unknown',
    reason: decodeValue(headers['lw-error']) ?? '',
    stack: decodeValue(headers['lw-stack']) ?? '',
    attempts: Number(headers['lw-attempts']) || 0, // whatever a stranger has written there
    firstFailedAt: instant(headers['lw-first-failed-at']) ?? lastFailedAt,
    lastFailedAt,
    failedAt: headers['ce-source'] ?? '',
    subject,
    storedAt: original.storedAt,
    headers: original.headers,
    messageId: idOf(original),
    type: ceType ?? null,
    key: keyOf(original),
    correlationId: correlationId ?? null,
    traceparent: traceparent ?? null,
    expiresAt: expiresAt ?? null,
    payloadBytes: payload.byteLength,
    omitted: headers['lw-omitted'] !== undefined,
    positions: [position],
  };
}

/** The message that failed, as `letter` carries it. */
export function originalOf(letter: StoredMessage, place: LetterPlace, subject: string): StoredMessage {
  const { stream, epoch, sequence } = place;
  const storedAt = instant(letter.headers['lw-original-stored-at']) ?? letter.storedAt;
  return {
    stream,
    epoch,
    sequence,
    storedAt,
    subject,
    headers: originalHeadersOf(letter.headers),
    payload: letter.payload,
  };
}

function instant(text: string | undefined): Date | null {
  const time = new Date(text ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? null : time;
}
