// Jest's globalSetup for integration tests: one Postgres for the whole run, in memory and without fsync, because its
// data lives as long as the run. Workers inherit LONGWAVE_TEST_POSTGRES_URL; every test makes databases of its own.
// Where the variable is set already, that server is used and left alone.
import { type PostgresServer, startPostgres, sweepStaleFolders } from '@longwave/embedded';

declare global {
  // Jest gives its setup and teardown modules no other place to share than the global scope of its own process.
  var longwaveTestPostgres: PostgresServer | undefined;
}

const MAX_CONNECTIONS = 300;

export default async function startTestPostgres(): Promise<void> {
  await sweepStaleFolders();
  if (process.env['LONGWAVE_TEST_POSTGRES_URL']) return;
  const server = await startPostgres({ inMemory: true, durable: false, maxConnections: MAX_CONNECTIONS });
  globalThis.longwaveTestPostgres = server;
  process.env['LONGWAVE_TEST_POSTGRES_URL'] = server.url;
}
