// Can the database be asked, and would it take a write? It says nothing about migrations.
import type { Pool } from 'pg';

export type DatabaseAnswer =
  | { readonly state: 'ok' }
  /** Reads work. A standby, or a primary that ran out of disk and was switched. */
  | { readonly state: 'read-only' }
  | { readonly state: 'unreachable'; readonly reason: string };

/** Never rejects, and answers within the deadline, whatever the database and the pool are doing. */
export async function checkDatabase(pool: Pool, deadlineMs = 1_000): Promise<DatabaseAnswer> {
  const { promise: deadline, resolve } = Promise.withResolvers<DatabaseAnswer>();
  const reason = `no answer within ${deadlineMs} ms`;
  const timer = setTimeout(() => resolve({ state: 'unreachable', reason }), deadlineMs);
  try {
    return await Promise.race([askDatabase(pool), deadline]);
  } finally {
    clearTimeout(timer);
  }
}

async function askDatabase(pool: Pool): Promise<DatabaseAnswer> {
  try {
    const { rows } = await pool.query<{ read_only: boolean }>(
      `SELECT current_setting('transaction_read_only') = 'on' AS read_only`,
    );
    return { state: rows[0]?.read_only === true ? 'read-only' : 'ok' };
  } catch (error) {
    return { state: 'unreachable', reason: error instanceof Error ? error.message : String(error) };
  }
}
