// The process behind `npm run migration -- …`: arguments, environment, output, exit code. See migration-command.ts.
import { databaseFailure } from './database-failure.ts';
import { MigrationError } from './migration-error.ts';
import { runMigrationCommand, UsageError } from './migration-command.ts';
import { findServices } from './services.ts';

const repository = new URL('../../../', import.meta.url);

async function startServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  // Only here and only when needed: the package is a library of services, which bring their own Postgres.
  const { startPostgres } = await import('@longwave/embedded');
  return startPostgres({ inMemory: true, durable: false });
}

try {
  process.exitCode = await runMigrationCommand(process.argv.slice(2), {
    services: await findServices(repository),
    databaseUrl: process.env['DATABASE_URL'],
    startServer,
    clock: () => new Date(),
    print: (line) => console.log(line),
  });
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`${error.message}\nnpm run migration -- --help explains all of it.`);
    process.exitCode = 2;
  } else if (error instanceof MigrationError) {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  } else if (databaseFailure(error) === 'unavailable') {
    console.error(`the database of DATABASE_URL is not available: ${String(error)}`);
    process.exitCode = 1;
  } else throw error;
}
