// One connection for one piece of work, opened and surely closed again. Migrations, database creation and the
// drift gate use it, because session state (advisory locks, SET) must not be shared with a pool.
// Connect, query and close have deadlines.
import { Socket } from 'node:net';

import { Client } from 'pg';

const connectTimeoutMs = 10_000;
const closeTimeoutMs = 2_000;

/**
 * Connects, runs `use`, closes. Rejects with what `use` or the connection rejects with.
 * A connection that dies in the middle makes the query in flight reject; so does a query that takes longer than
 * `queryTimeoutMs`. 0 is for ever: a migration may rightly take an hour.
 */
export async function withSession<Result>(
  url: string,
  use: (client: Client) => Promise<Result>,
  queryTimeoutMs = 60_000,
): Promise<Result> {
  const options = { url, applicationName: 'longwave-database', connectTimeoutMs, queryTimeoutMs };
  const { client, close } = await openSession(options);
  try {
    return await use(client);
  } finally {
    await close();
  }
}

export type Session = {
  readonly client: Client;
  /** Says goodbye to the server; after two seconds without an answer it cuts the socket. Never rejects. */
  readonly close: () => Promise<void>;
  /** Cuts the socket now. For a connection that is no longer trusted. */
  readonly cut: () => void;
};

/** The caller owns the session. Rejects when the server does not let us in within `connectTimeoutMs`. */
export async function openSession(options: {
  readonly url: string;
  readonly applicationName: string;
  readonly connectTimeoutMs: number;
  /** A query without an answer for so long rejects; 0 is for ever. */
  readonly queryTimeoutMs: number;
}): Promise<Session> {
  // Our own socket, because pg offers no way to cut a connection whose peer has gone silent.
  const socket = new Socket();
  const client = new Client({
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    stream: () => socket,
    query_timeout: options.queryTimeoutMs,
  });
  // An idle connection's death has nobody to tell: the next query rejects with the same news.
  client.on('error', () => undefined);
  const cut = (): void => void socket.destroy();
  try {
    await client.connect();
  } catch (error) {
    cut();
    throw error;
  }
  return { client, cut, close: () => closeWithin(client, cut) };
}

async function closeWithin(client: Client, cut: () => void): Promise<void> {
  const timer = setTimeout(cut, closeTimeoutMs);
  try {
    await client.end();
  } catch {
    // A connection that is already gone is closed: that is all a caller of close wants.
  } finally {
    clearTimeout(timer);
  }
}
