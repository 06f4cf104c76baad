// What the log holds, read straight from the database: the API is not what these tests are about.
import { Client } from 'pg';

export type Row = {
  readonly sequence: number;
  readonly message_id: string;
  readonly subject: string;
  readonly stream: string;
  readonly stream_sequence: number;
  readonly payload: Buffer;
  readonly headers: Readonly<Record<string, string>>;
};

export type LogContent = {
  /** All entries, by sequence. */
  rows(): Promise<readonly Row[]>;
  count(): Promise<number>;
  readonly client: Client;
  close(): Promise<void>;
};

export async function readLog(databaseUrl: string): Promise<LogContent> {
  const client = new Client({ connectionString: databaseUrl });
  // A test that kills the server does not want to hear of it here.
  client.on('error', () => undefined);
  await client.connect();
  return {
    client,
    rows: async () => {
      const { rows } = await client.query<Row>(
        `SELECT sequence::int, message_id, subject, stream, stream_sequence::int, payload, headers
           FROM entry ORDER BY sequence`,
      );
      return rows;
    },
    count: async () =>
      (await client.query<{ count: number }>('SELECT count(*)::int AS count FROM entry')).rows[0]?.count ?? -1,
    close: () => client.end(),
  };
}

/** The numbers 1, 2, 3 … as many as there are rows. */
export function isGapFree(rows: readonly Row[]): boolean {
  return rows.every(({ sequence }, index) => sequence === index + 1);
}
