// The connection pool of a service: every wait has an end, and a connection's death is news, never a crash.
//
// P1  No query waits longer than `acquireTimeoutMs` for a connection plus `statementTimeoutMs` for its answer
//     (plus a margin), also when the server has gone silent without closing anything.
// P2  A connection that dies, idle or in use, is told to `onConnectionLost` and replaced; it never becomes an
//     uncaught exception. After an outage the pool works again without a restart.
import { Socket } from 'node:net';

import { Pool } from 'pg';

export type PoolOptions = {
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  readonly connectionsMax: number;
  /** The server cancels what takes longer. A transaction may also be idle for no longer than this. */
  readonly statementTimeoutMs: number;
  /** For log and metrics. Called once for each connection. */
  readonly onConnectionLost: (error: Error) => void;
  /** How long to wait for a free or a new connection. */
  readonly acquireTimeoutMs?: number;
};

/** Beyond the server's own timeout, for its error message to arrive. */
const silenceMarginMs = 2_000;

/** Connects nothing yet. The caller ends the pool, after its last query: `pool.end()` waits for connections that are out. */
export function createPool(url: string, options: PoolOptions): Pool {
  const { statementTimeoutMs } = options;
  const pool = new Pool({
    connectionString: url,
    application_name: options.applicationName,
    max: options.connectionsMax,
    connectionTimeoutMillis: options.acquireTimeoutMs ?? 5_000,
    // Before the watch on silence takes an idle connection for a dead one.
    idleTimeoutMillis: Math.min(statementTimeoutMs, 10_000),
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    stream: () => createWatchedSocket(statementTimeoutMs + silenceMarginMs),
  });
  // On the connection itself, because the pool listens only while one is idle: between two statements of a
  // transaction nobody would.
  pool.on('connect', (client) => client.once('error', options.onConnectionLost).on('error', ignoreEcho));
  pool.on('error', ignoreEcho);
  return pool;
}

/**
 * Cuts itself when nothing was heard for longer than any statement may take: then the server or the network is gone.
 * pg's own `query_timeout` would only give up on the query and put the dead connection back into the pool.
 */
function createWatchedSocket(silenceMs: number): Socket {
  const socket = new Socket();
  socket.setTimeout(silenceMs, () => {
    const error = new Error(`the database has been silent for ${silenceMs} ms; the connection is given up`);
    socket.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
  });
  return socket;
}

/** A dying connection tells of its death up to three times; without a listener the second would be thrown. */
function ignoreEcho(): void {}
