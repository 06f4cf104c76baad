// Which lane a key is in is the outbox' own affair, so it is asked: rows are written in a transaction that never commits.
import type { Pool } from 'pg';
import { writeToOutbox } from '@longwave/messaging/outbox';
import { randomUUIDv7 } from 'node:crypto';
import { meterReading } from '../meter-reading.ts';
import { cause, MeterRead, source } from './meter-read.ts';

/** Eight lanes share these, so about a thousand remain. */
const CANDIDATES = 8_000;

/** Meters whose messages are all in the same lane. */
export async function keysOfOneLane(pool: Pool): Promise<readonly string[]> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await writeToOutbox(
      (sql, ...parameters) => client.query(sql, parameters),
      { source, now: () => new Date(), newId: () => randomUUIDv7() },
      cause,
      Array.from({ length: CANDIDATES }, (_, index) =>
        MeterRead.of({ ...meterReading(index), meter: `meter-${index}` }),
      ),
    );
    const { rows } = await client.query<{ key: string }>(
      'SELECT "key" FROM "outbox" WHERE "lane" = (SELECT min("lane") FROM "outbox") ORDER BY "position"',
    );
    return rows.map(({ key }) => key.replace('meter/', ''));
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}
