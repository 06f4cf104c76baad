// What readiness says of the database. The reason is public, so the driver's own words, which may hold an address, go
// to the log.
import type { Pool } from 'pg';
import { checkDatabase } from './check-database.ts';

/** Fits a health check of `@longwave/runtime`. */
export type DatabaseHealth =
  | { readonly state: 'up' }
  | { readonly state: 'degraded'; readonly reason: string }
  | { readonly state: 'down'; readonly reason: string };

/** Never rejects, and answers within a second. Reads still work on a database that takes no writes: `degraded`. */
export async function databaseHealth(
  pool: Pool,
  log: { debug(fields: object, message: string): void },
): Promise<DatabaseHealth> {
  const answer = await checkDatabase(pool);
  if (answer.state === 'ok') return { state: 'up' };
  if (answer.state === 'read-only') return { state: 'degraded', reason: 'Postgres takes no writes' };
  log.debug({ reason: answer.reason }, 'the database does not answer');
  return { state: 'down', reason: 'Postgres does not answer' };
}
