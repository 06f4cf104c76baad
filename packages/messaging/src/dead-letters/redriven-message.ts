// A redriven message: the original once more, for one group. On the wire it is the original with its own headers, its own
// `ce-id` and a `Nats-Msg-Id` of this redrive, on a subject of this redrive; to the group it is the message that lies at
// the original's place, so that order and inbox treat it as what it is.
//
// Y2  id, key, place, trace and bytes are the original's: an effect that was recorded is a duplicate, and one that its
//     entity has passed is stale.
import { idOf, keyOf, type StoredMessage } from '../contract/decode.ts';
import type { OutgoingMessage } from '../contract/encode.ts';
import { encodeValue, MESSAGE_ID_HEADER, type Headers } from '../contract/metadata.ts';
import { identityOf } from './letter-id.ts';
import { placeHeaders } from './original-headers.ts';
import { parseRedriveSubject, redriveSubject } from './redrive-names.ts';

/** What a group is given back. */
export type Redriven = {
  /** The original, as if it had been delivered once more. */
  readonly stored: StoredMessage;
  /** The how manieth redrive of it this is, from 1. */
  readonly redrive: number;
  /** When it failed for the first time, before the first redrive. */
  readonly firstFailedAt: Date;
};

/** `by`: who redrives it, e.g. `user:ada`. */
export function redrivenMessageOf(
  { stored, redrive, firstFailedAt }: Redriven,
  group: string,
  { by, at }: { readonly by: string; readonly at: Date },
): OutgoingMessage {
  const place = { ...stored, group };
  const id = `${identityOf(place)}:redrive:${redrive}`;
  const headers = {
    ...withoutOrders(stored.headers),
    ...placeHeaders(stored),
    'ce-id': encodeValue(idOf(stored)), // (Y2)
    [MESSAGE_ID_HEADER]: id,
    'lw-redrive': id,
    'lw-redriven-at': at.toISOString(),
    'lw-redriven-by': encodeValue(by),
    'lw-first-failed-at': firstFailedAt.toISOString(),
  };
  return { id, subject: redriveSubject(place, redrive), key: keyOf(stored), headers, payload: stored.payload };
}

/** Null for what was not made by `redrivenMessageOf`. */
export function readRedriven({ subject, headers, payload }: StoredMessage): Redriven | null {
  const place = parseRedriveSubject(subject);
  const originalSubject = headers['lw-original-subject'];
  const storedAt = new Date(headers['lw-original-stored-at'] ?? Number.NaN);
  const firstFailedAt = new Date(headers['lw-first-failed-at'] ?? Number.NaN);
  if (place === null || originalSubject === undefined) return null;
  if (Number.isNaN(storedAt.getTime()) || Number.isNaN(firstFailedAt.getTime())) return null;
  const { stream, epoch, sequence, redrive } = place;
  const stored = {
    stream,
    epoch,
    sequence,
    storedAt,
    subject: originalSubject,
    headers: withoutOurs(headers),
    payload,
  };
  return { stored, redrive, firstFailedAt };
}

/** What a header tells the server to do was done when the original was published. */
function withoutOrders(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.toLowerCase().startsWith('nats-')));
}

function withoutOurs(headers: Headers): Headers {
  const isOurs = (name: string): boolean =>
    name === MESSAGE_ID_HEADER || /^lw-(?:original-|redrive$|redriven-|first-failed-at$)/.test(name);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isOurs(name)));
}
