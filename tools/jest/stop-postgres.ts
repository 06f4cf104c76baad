// Jest's globalTeardown for integration tests: stops the Postgres that start-postgres.ts started, if it did.
import type {} from './start-postgres.ts';

export default async function stopTestPostgres(): Promise<void> {
  await globalThis.longwaveTestPostgres?.stop();
}
