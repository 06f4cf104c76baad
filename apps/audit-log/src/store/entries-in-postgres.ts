// Entries in Postgres: one statement a batch, and a page with one.
//
// The next number is the greatest one plus one, looked up under a lock that is held until the commit. So numbers have
// no gaps, whatever is rolled back and however many replicas write (A2), nobody sees a number before all smaller ones
// (A7), and the service needs no right but to insert and to select (A4).
import { databaseFailure } from '@longwave/database';
import { Prisma, type PrismaClient } from '#prisma';
import { EntriesUnavailableError, type EntryLog } from '../domain/entry-log.ts';
import type { Entry, NewEntry } from '../domain/entry.ts';
import { conditionsOf } from './conditions.ts';

/** Any number, the same for all replicas and used by nothing else in this database. */
const WRITER_LOCK = 7_106_514_839n;
/** Longer than the pool makes a statement wait: the database's own error says more than Prisma's. */
const TRANSACTION = { maxWait: 4_000, timeout: 20_000 };
/** A page is built in memory, and a payload may have a megabyte. */
const PAGE_BYTES_MAX = 8 * 1024 * 1024;

type Row = Omit<Entry, 'sequence' | 'streamEpoch' | 'streamSequence'> & {
  readonly sequence: bigint;
  readonly streamEpoch: bigint;
  readonly streamSequence: bigint;
};

const columns = Prisma.sql`
  "sequence", "message_id" AS "messageId", "subject", "type", "source", "actor", "correlation_id" AS "correlationId",
  "causation_id" AS "causationId", "created_at" AS "createdAt", "received_at" AS "receivedAt",
  "recorded_at" AS "recordedAt", "stream", "stream_epoch" AS "streamEpoch", "stream_sequence" AS "streamSequence",
  "payload"`;

/** Two clients, so that reading cannot use up the connections of recording. */
export function entriesInPostgres({
  recording,
  reading,
}: {
  readonly recording: PrismaClient;
  readonly reading: PrismaClient;
}): EntryLog {
  return {
    record: (entries) =>
      asking(() =>
        recording.$transaction(async (transaction) => {
          await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${WRITER_LOCK})`; // (A2)
          const count = await insert(transaction, entries);
          const impostors = count === entries.length ? [] : await findImpostors(transaction, entries);
          return { count, impostors };
        }, TRANSACTION),
      ),
    find: async (sequence) => {
      const rows = await asking(
        () => reading.$queryRaw<Row[]>`SELECT ${columns} FROM "entry" WHERE "sequence" = ${sequence}`,
      );
      return rows.map(entryOfRow)[0];
    },
    page: async (query, { after, limit }) => {
      const order = Prisma.raw(query.order);
      const rows = await asking(
        () => reading.$queryRaw<(Row & { readonly found: bigint })[]>`
          SELECT * FROM (
            SELECT *, count(*) OVER () AS "found", row_number() OVER so_far AS "place",
                   sum(octet_length("payload")) OVER so_far AS "bytes"
              FROM (SELECT ${columns} FROM "entry" WHERE ${conditionsOf(query, after)}
                     ORDER BY "sequence" ${order} LIMIT ${limit + 1}) AS "candidate"
            WINDOW so_far AS (ORDER BY "sequence" ${order})
          ) AS "measured"
          WHERE "place" <= ${limit} AND ("place" = 1 OR "bytes" <= ${PAGE_BYTES_MAX})
          ORDER BY "sequence" ${order}`,
      );
      return { entries: rows.map(entryOfRow), hasMore: Number(rows[0]?.found ?? 0) > rows.length };
    },
  };
}

/** Tells an absent database from everything else that can fail. */
async function asking<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    const failure = databaseFailure(error);
    throw failure === 'unavailable' || failure === 'serialization' ? new EntriesUnavailableError(error) : error;
  }
}

/** Resolves with how many were new. A message that is in the batch twice is new once. */
function insert(transaction: Prisma.TransactionClient, entries: readonly NewEntry[]): Promise<number> {
  const column = <Value>(valueOf: (entry: NewEntry) => Value): Value[] => entries.map(valueOf);
  return transaction.$executeRaw`
    WITH "arrived" AS (
      SELECT * FROM unnest(
        ${column((entry) => entry.messageId)}::text[], ${column((entry) => entry.subject)}::text[],
        ${column((entry) => entry.type)}::text[], ${column((entry) => entry.source)}::text[],
        ${column((entry) => entry.actor)}::text[], ${column((entry) => entry.correlationId)}::text[],
        ${column((entry) => entry.causationId)}::text[],
        ${column((entry) => entry.createdAt?.toISOString() ?? null)}::timestamptz[],
        ${column((entry) => entry.receivedAt.toISOString())}::timestamptz[],
        ${column((entry) => entry.stream)}::text[], ${column((entry) => String(entry.streamEpoch))}::bigint[],
        ${column((entry) => String(entry.streamSequence))}::bigint[],
        ${column((entry) => JSON.stringify(entry.headers))}::text[], ${column((entry) => entry.payload)}::bytea[]
      ) WITH ORDINALITY AS "a" ("message_id", "subject", "type", "source", "actor", "correlation_id", "causation_id",
        "created_at", "received_at", "stream", "stream_epoch", "stream_sequence", "headers", "payload", "place")
    ), "fresh" AS (
      SELECT DISTINCT ON ("message_id") * FROM "arrived"
       WHERE NOT EXISTS (SELECT FROM "entry" WHERE "entry"."message_id" = "arrived"."message_id")
       ORDER BY "message_id", "place"
    )
    INSERT INTO "entry" ("sequence", "message_id", "subject", "type", "source", "actor", "correlation_id",
      "causation_id", "created_at", "received_at", "recorded_at", "stream", "stream_epoch", "stream_sequence",
      "headers", "payload")
    SELECT (SELECT coalesce(max("sequence"), 0) FROM "entry") + row_number() OVER (ORDER BY "place"), "message_id",
      "subject", "type", "source", "actor", "correlation_id", "causation_id", "created_at", "received_at",
      statement_timestamp(), "stream", "stream_epoch", "stream_sequence", "headers"::json, "payload"
      FROM "fresh"`;
}

/** (A3) */
async function findImpostors(
  transaction: Prisma.TransactionClient,
  entries: readonly NewEntry[],
): Promise<readonly NewEntry[]> {
  const recorded = await transaction.entry.findMany({
    where: { messageId: { in: entries.map(({ messageId }) => messageId) } },
    select: { messageId: true, subject: true, payload: true },
  });
  const byId = new Map(recorded.map((entry) => [entry.messageId, entry]));
  return entries.filter(({ messageId, subject, payload }) => {
    const known = byId.get(messageId);
    return known !== undefined && (known.subject !== subject || Buffer.compare(known.payload, payload) !== 0);
  });
}

/** Sequences of streams and of the log are counted one by one: they stay far below 2^53. */
function entryOfRow(row: Row): Entry {
  const { sequence, messageId, subject, type, source, actor, correlationId, causationId } = row;
  const { createdAt, receivedAt, recordedAt, stream, streamEpoch, streamSequence, payload } = row;
  return {
    sequence: Number(sequence),
    messageId,
    subject,
    type,
    source,
    actor,
    correlationId,
    causationId,
    createdAt,
    receivedAt,
    recordedAt,
    stream,
    streamEpoch: Number(streamEpoch),
    streamSequence: Number(streamSequence),
    payload,
  };
}
