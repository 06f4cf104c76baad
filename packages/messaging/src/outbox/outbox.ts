// Messages written in the caller's own transaction: they exist if and only if the change does (O1).
//
// O1  no phantom, no loss: the row commits or rolls back with the change.
// O2  what could never be published fails here, in the request that asked for it: schema, subject and key were checked
//     when the draft was made, the size and the headers are checked now.
// O3  any number of messages is one INSERT.
import type { Cause } from '../contract/cause.ts';
import { encodeMessage, type OutgoingMessage } from '../contract/encode.ts';
import type { Draft } from '../contract/message-type.ts';
import type { Headers, Source } from '../contract/metadata.ts';
import { PAYLOAD_BYTES_MAX } from '../contract/payload.ts';
import { complaintAbout, headerBytesOf } from '../contract/sendable.ts';
import { PublishError } from '../errors.ts';
import { laneOf } from './lane.ts';

/** Runs one statement in the caller's transaction, e.g. Prisma's `(sql, ...p) => tx.$executeRawUnsafe(sql, ...p)`. */
export type ExecuteSql = (sql: string, ...parameters: unknown[]) => Promise<unknown>;

export type OutboxContext = {
  readonly source: Source;
  readonly now: () => Date;
  /** A new UUIDv7. */
  readonly newId: () => string;
};

const INSERT = `
  INSERT INTO "outbox" ("lane", "key", "message_id", "subject", "headers", "payload")
  SELECT "lane", "key", "messageId", "subject", "headers", decode("payload", 'base64')
  FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (
    "lane" smallint, "key" text, "messageId" text, "subject" text, "headers" jsonb, "payload" text
  )) WITH ORDINALITY AS r ("lane", "key", "messageId", "subject", "headers", "payload", "place")
  ORDER BY "place"`;

/**
 * Writes `drafts`, in this order, because of `cause`. Call it after the change it tells about, so that the row lock of
 * the changed entity orders the rows of one key. Throws before anything is written: PayloadTooLargeError, SubjectError
 * `illegal-id`, and PublishError `refused` for a source or a cause that no header can carry.
 */
export async function writeToOutbox(
  execute: ExecuteSql,
  context: OutboxContext,
  cause: Cause,
  drafts: readonly Draft[],
): Promise<void> {
  if (drafts.length === 0) return;
  const { source, now, newId } = context;
  const createdAt = now();
  const rows = drafts.map((draft) => rowOf(encodeMessage(draft, { id: newId(), createdAt, source, cause })));
  await execute(INSERT, JSON.stringify(rows));
}

function rowOf({ id, key, subject, headers, payload }: OutgoingMessage): object {
  const complaint = complaintAbout({ subject, headers }) ?? complaintAboutSize(headers);
  if (complaint !== null) throw new PublishError('refused', id, complaint); // (O2)
  return { lane: laneOf(key), key, messageId: id, subject, headers, payload: Buffer.from(payload).toString('base64') };
}

/** A payload has half of what most servers take, and a cause that came with a request must leave it that. */
const HEADER_BYTES_MAX = PAYLOAD_BYTES_MAX / 2;

function complaintAboutSize(headers: Headers): string | null {
  const bytes = headerBytesOf(headers);
  return bytes <= HEADER_BYTES_MAX ? null : `its headers have ${bytes} bytes; at most ${HEADER_BYTES_MAX} fit`;
}
