// What is sent: the envelope and the metadata of every message, on subjects that no stream takes.
import type { Cause } from '../contract/cause.ts';
import { instantText } from '../contract/instant-text.ts';
import { encodeMetadata, type Source } from '../contract/metadata.ts';
import { encodePayload } from '../contract/payload.ts';
import { encodeStatus, type ReplyStatus } from '../contract/reply-status.ts';
import type { DataFormat } from '../contract/targeted-type.ts';
import type { LiveMessage } from '../ports.ts';
import type { Time } from '../time.ts';

/** Who sends, and where ids and times come from. */
export type Sender = { readonly source: Source; readonly time: Time; readonly newId: () => string };

/** A message and the id it was given. */
export type Outgoing = { readonly id: string; readonly message: LiveMessage };

export type Addressing = {
  readonly subject: string;
  readonly replyTo?: string;
  /** Milliseconds after its creation; absent or Infinity: it never expires. */
  readonly timeoutMs?: number;
  /** Absent: what is sent is where a correlation begins. */
  readonly cause?: Cause | undefined;
  readonly status?: ReplyStatus;
};

/** What a message says of itself, whatever it carries. */
type Envelope = Pick<DataFormat<unknown>, 'name' | 'version' | 'ceType' | 'payload'>;

/** Throws z.ZodError (data), PayloadTooLargeError. */
export function outgoing<Data>(sender: Sender, format: DataFormat<Data>, data: Data, how: Addressing): Outgoing {
  return assemble(sender, format, format.encode(data), how);
}

/** A message without data: a reply that is a status and nothing else. */
export function outgoingStatus(sender: Sender, format: Envelope, how: Addressing): Outgoing {
  return assemble(sender, format, undefined, how);
}

function assemble(
  { source, time, newId }: Sender,
  { name, version, ceType, payload: codec }: Envelope,
  wireData: unknown,
  { subject, replyTo, timeoutMs = Infinity, cause, status }: Addressing,
): Outgoing {
  const id = newId();
  const createdAt = time.now();
  const payload = encodePayload(codec, { version, createdAt: instantText(createdAt), data: wireData }, name);
  const metadata = encodeMetadata({
    ...(cause ?? { correlationId: id }),
    id,
    source,
    ceType,
    contentType: codec.contentType,
    time: createdAt,
    ...(timeoutMs === Infinity ? {} : { expiresAt: new Date(createdAt.getTime() + timeoutMs) }),
  });
  const headers = status === undefined ? metadata : { ...metadata, ...encodeStatus(status) };
  return { id, message: { subject, headers, payload, ...(replyTo === undefined ? {} : { replyTo }) } };
}
