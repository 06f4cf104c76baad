// One entry of the log: what is kept of a message. Everything that arrives becomes one, readable or not; nothing here
// can refuse a message, because one that is refused would stop the log.
import { decodeMetadata, idOf, type Headers, type StoredMessage } from '@longwave/messaging/contract';
import { isKeepable, keepableText } from './keepable-text.ts';

/** A message as it is to be recorded. `createdAt`, `type` and the like are null where the message does not say. */
export type NewEntry = {
  readonly messageId: string;
  readonly subject: string;
  readonly type: string | null;
  readonly source: string | null;
  readonly actor: string | null;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly createdAt: Date | null;
  /** When the broker stored it. */
  readonly receivedAt: Date;
  readonly stream: string;
  readonly streamEpoch: number;
  readonly streamSequence: number;
  readonly headers: Headers;
  readonly payload: Uint8Array;
};

/** A recorded message. */
export type Entry = Omit<NewEntry, 'headers'> & {
  /** Gap-free, from 1. */
  readonly sequence: number;
  readonly recordedAt: Date;
};

/** Subjects are short by nature; nats-server takes them as long as a line of its protocol. */
const SUBJECT_LENGTH_MAX = 65_536;

export function entryOf(stored: StoredMessage): NewEntry {
  const { stream, epoch, sequence, storedAt, subject, headers, payload } = stored;
  const metadata = decodeMetadata(headers);
  const messageId = messageIdOf(stored);
  return {
    messageId,
    subject: keepableText(subject, SUBJECT_LENGTH_MAX),
    type: said(metadata.ceType),
    source: said(headerOf(headers, 'ce-source')),
    actor: said(redriveOf(stored)?.by ?? metadata.actor),
    correlationId: said(metadata.correlationId) ?? messageId,
    causationId: said(metadata.causationId),
    createdAt: isPlausible(metadata.time) ? metadata.time : null,
    receivedAt: storedAt,
    stream,
    streamEpoch: epoch,
    streamSequence: sequence,
    headers,
    payload,
  };
}

/**
 * The message's own id. One that could only be kept changed might then equal another's, and that message would count
 * as recorded: such an id is none, and the message is known by where it lies, as one without an id is.
 */
function messageIdOf(stored: StoredMessage): string {
  const id = redriveOf(stored)?.id ?? idOf(stored);
  return id !== '' && isKeepable(id) ? id : idOf({ ...stored, headers: {} });
}

/**
 * A message that somebody has given back to a group that failed: an act with an id of its own, though the message has its
 * old one. Elsewhere these headers say nothing.
 */
function redriveOf({
  stream,
  headers,
}: StoredMessage): { readonly id: string; readonly by: string | undefined } | null {
  const id = headers['lw-redrive'];
  if (stream !== 'dead-letter' || id === undefined) return null;
  return { id, by: headers['lw-redriven-by'] };
}

function said(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : keepableText(text);
}

/** `decodeMetadata` gives a source only where it is one of ours; any CloudEvents source is worth recording. */
function headerOf(headers: Headers, wanted: string): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/** RFC 3339, and with it our API, knows years of four digits; Postgres knows no year 0. */
function isPlausible(time: Date | undefined): time is Date {
  return time !== undefined && time.getUTCFullYear() >= 1 && time.getUTCFullYear() <= 9_999;
}
