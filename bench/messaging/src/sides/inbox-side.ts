// A consumer's database in which arrivals are recorded: by the package, many at once and one by one, and by hand, as
// somebody writes it who wants to know which of a batch are new, and no more. All keep the ids and how far each key is.
import { recordArrival, recordArrivals, type QuerySql } from '@longwave/messaging/inbox';
import type { Message } from '@longwave/messaging/contract';
import { randomUUIDv7 } from 'node:crypto';
import { Pool, type PoolClient } from 'pg';
import { measure, type Measurement, type Order } from '../measurement.ts';
import { readAddresses } from './addresses.ts';
import { MeterRead } from './meter-read.ts';
import { serveOrders } from './serve-orders.ts';

const BATCH = 100;
const KEYS = 1_000;

const pool = new Pool({ connectionString: readAddresses(process.argv[2]).postgresUrl, max: 1 });
let sequence = 0;

function arrived(): Message {
  sequence += 1;
  const id = randomUUIDv7();
  const subject = 'bench.meter.x.read';
  const stored = {
    stream: 'bench',
    epoch: 1,
    sequence,
    storedAt: new Date(),
    subject,
    headers: {},
    payload: new Uint8Array(),
  };
  return {
    id,
    key: `meter/${sequence % KEYS}`,
    type: MeterRead,
    data: undefined,
    createdAt: new Date(),
    correlationId: id,
    stored,
  };
}

/** A transaction for every batch, as a consumer has one for the effects. */
async function inBatches(
  count: number,
  record: (client: PoolClient, batch: readonly Message[]) => Promise<void>,
): Promise<Measurement> {
  const batches = Array.from({ length: Math.ceil(count / BATCH) }, () => Array.from({ length: BATCH }, arrived));
  const client = await pool.connect();
  try {
    return await measure(batches.length * BATCH, async () => {
      for (const batch of batches) {
        await client.query('BEGIN');
        await record(client, batch);
        await client.query('COMMIT');
      }
    });
  } finally {
    client.release();
  }
}

const queryOf =
  (client: PoolClient): QuerySql =>
  async (sql, ...parameters) =>
    (await client.query(sql, parameters)).rows;

const recordBatch = ({ count }: Order): Promise<Measurement> =>
  inBatches(count, async (client, batch) => {
    const arrivals = await recordArrivals(queryOf(client), 'package', batch);
    if (arrivals.some((arrival) => arrival !== 'new')) throw new Error('all of them are new');
  });

const recordEach = ({ count }: Order): Promise<Measurement> =>
  inBatches(count, async (client, batch) => {
    for (const message of batch) await recordArrival(queryOf(client), 'package, one by one', message);
  });

const INSERT_IDS = `
  INSERT INTO "inbox_message" ("consumer", "message_id") SELECT 'raw', unnest($1::text[])
  ON CONFLICT DO NOTHING RETURNING "message_id"`;
const UPSERT_KEYS = `
  INSERT INTO "inbox_key" ("consumer", "key", "epoch", "sequence")
  SELECT 'raw', "key", 1, "sequence" FROM unnest($1::text[], $2::bigint[]) AS batch("key", "sequence")
  ON CONFLICT ("consumer", "key") DO UPDATE SET "sequence" = EXCLUDED."sequence"
  WHERE "inbox_key"."sequence" < EXCLUDED."sequence"`;

const insertBatch = ({ count }: Order): Promise<Measurement> =>
  inBatches(count, async (client, batch) => {
    const { rows } = await client.query<{ message_id: string }>(INSERT_IDS, [batch.map(({ id }) => id)]);
    const recorded = new Set(rows.map(({ message_id }) => message_id));
    const fresh = batch.filter(({ id }) => recorded.has(id));
    if (fresh.length < batch.length) throw new Error('all of them are new');
    await client.query(UPSERT_KEYS, [fresh.map(({ key }) => key), fresh.map(({ stored }) => stored.sequence)]);
  });

serveOrders({ 'record batch': recordBatch, 'record each': recordEach, 'insert batch': insertBatch });
