// A pause of all writes to one database, for as long as somebody needs to see it standing still (a backup). A pair of
// advisory locks: every write transaction shares one, the pause has it alone.
//
// W1  Once a pause has begun no transaction that asked is still writing, and none begins, in any replica.
// W2  Who asks during a pause is refused at once and has written nothing.
// W3  A pause ends with whoever holds it: when it is released, and when its process or its connection is gone.
// It stops only those who ask. What must go on so that everything comes to rest (a relay, an inbox) does not ask.
import type { Client } from 'pg';
import { DatabaseError } from 'pg';
import { openSession } from './session.ts';

/** Writes are paused; the same request is welcome in a moment. */
export class WritesPausedError extends Error {
  override readonly name = 'WritesPausedError';
  readonly code = 'writes-paused';

  constructor() {
    super('writes are paused for a moment, while a backup is taken; nothing was done: send the same again');
  }
}

/** The pause could not begin: a transaction that writes did not end in time. */
export class WritePauseTimeoutError extends Error {
  override readonly name = 'WritePauseTimeoutError';
  readonly code = 'write-pause-timeout';

  constructor(withinMs: number, cause: unknown) {
    super(`a transaction has been writing for more than ${withinMs} ms; see pg_stat_activity, then try again`, {
      cause,
    });
  }
}

const key = `hashtextextended('longwave write pause', 0)`;
/** Postgres answers this when `lock_timeout` is over. */
const LOCK_NOT_AVAILABLE = '55P03';
const CONNECT_WITHIN_MS = 5_000;
/** Beyond the server's own timeout, for its error message to arrive. */
const SILENCE_MARGIN_MS = 2_000;

/**
 * The first statement of a transaction that writes; `query` runs it in that transaction and resolves with its rows.
 * Throws WritesPausedError. (W2)
 */
export async function refuseWhilePaused(query: (sql: string) => Promise<readonly unknown[]>): Promise<void> {
  // A waiting pause refuses, too, so that a steady flow of writes cannot keep it waiting.
  const rows = await query(`SELECT 1 AS may_write WHERE pg_try_advisory_xact_lock_shared(${key})`);
  if (rows.length === 0) throw new WritesPausedError();
}

export type WritePause = {
  /** Rejects when the pause is lost: the connection is gone, so others may be writing again. */
  readonly lost: Promise<never>;
  /** Lets writes go on. Never rejects. */
  readonly release: () => Promise<void>;
};

/** Resolves when nothing writes any more. Throws WritePauseTimeoutError, and what the connection fails with. (W1) */
export async function pauseWrites({
  url,
  withinMs,
}: {
  readonly url: string;
  readonly withinMs: number;
}): Promise<WritePause> {
  const { client, close } = await openSession({
    url,
    applicationName: 'longwave-write-pause',
    connectTimeoutMs: CONNECT_WITHIN_MS,
    queryTimeoutMs: withinMs + SILENCE_MARGIN_MS,
  });
  const { promise: lost, reject } = Promise.withResolvers<never>();
  // Whoever does not look at it has released the pause, or has no use for it.
  lost.catch(() => undefined);
  client.once('end', () => reject(new Error('the connection that paused writes is gone: writes go on')));
  try {
    await lockAlone(client, withinMs);
  } catch (error) {
    await close();
    throw error;
  }
  return { lost, release: close };
}

async function lockAlone(client: Client, withinMs: number): Promise<void> {
  try {
    await client.query(`SELECT set_config('lock_timeout', $1, false)`, [`${withinMs}ms`]);
    await client.query(`SELECT pg_advisory_lock(${key})`);
  } catch (error) {
    if (error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE)
      throw new WritePauseTimeoutError(withinMs, error);
    throw error;
  }
}
