// From a draft to what is sent: subject, headers and payload bytes. The inverse is `decode.ts`.
import type { Cause } from './cause.ts';
import { instantText } from './instant-text.ts';
import type { Draft } from './message-type.ts';
import { encodeMetadata, type Headers, type Source } from './metadata.ts';
import { encodePayload } from './payload.ts';
import { SubjectError } from './subject-error.ts';

/** A message ready for any back-end: nothing in it changes between the outbox, a retry and the stream. */
export type OutgoingMessage = {
  readonly id: string;
  readonly subject: string;
  readonly key: string;
  readonly headers: Headers;
  readonly payload: Uint8Array;
};

/** Gives a draft its id, its time and its cause. Throws PayloadTooLargeError, SubjectError `illegal-id`. */
export function encodeMessage(
  draft: Draft,
  context: { readonly id: string; readonly createdAt: Date; readonly source: Source; readonly cause: Cause },
): OutgoingMessage {
  const { createdAt, source, cause } = context;
  const id = checkId(context.id);
  const { type, key, subject, timeoutMs, wireData } = draft;
  const body = { version: type.version, createdAt: instantText(createdAt), data: wireData };
  const payload = encodePayload(type.payload, body, type.name);
  const expiry = timeoutMs > 0 ? { expiresAt: new Date(createdAt.getTime() + timeoutMs) } : {};
  const {
    ceType,
    payload: { contentType },
  } = type;
  const headers = encodeMetadata({ ...cause, ...expiry, id, source, key, ceType, contentType, time: createdAt });
  return { id, subject, key, headers, payload };
}

// A header has no place for line breaks, and a reader decodes `%`. Longer than any UUID or position in a stream.
const ID = /^[\x21\x23\x24\x26-\x7E]{1,255}$/;

function checkId(id: string): string {
  if (ID.test(id)) return id;
  throw new SubjectError(
    'illegal-id',
    `${JSON.stringify(id.slice(0, 80))} is no message id: 1 to 255 visible ASCII characters, none of them " or %`,
  );
}
