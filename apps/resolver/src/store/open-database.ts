// The resolver's database: one pool for everything, its health, and its end.
import { createPool, createPrismaAdapter, databaseHealth, type DatabaseHealth } from '@longwave/database';
import type { Logger } from '@longwave/runtime';
import { PrismaClient } from '#prisma';
import type { PackageStore } from '../domain/package-store.ts';
import { packagesInPostgres } from './packages-in-postgres.ts';

export type Database = {
  readonly packages: PackageStore;
  health(): Promise<DatabaseHealth>;
  close(): Promise<void>;
};

/** As many as handlers run at once, and some for reads. */
const CONNECTIONS_MAX = 24;
/** The work here takes milliseconds; what takes seconds waits for a database that is not well. */
const STATEMENT_TIMEOUT_MS = 3_000;
const ACQUIRE_TIMEOUT_MS = 2_000;

/** Connects when it is first asked: a service starts while its database is away. */
export function openDatabase(url: string, { logger }: { readonly logger: Logger }): Database {
  const pool = createPool(url, {
    applicationName: 'resolver',
    connectionsMax: CONNECTIONS_MAX,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    acquireTimeoutMs: ACQUIRE_TIMEOUT_MS,
    onConnectionLost: (error) => logger.warn({ err: error }, 'a database connection was lost'),
  });
  const prisma = new PrismaClient({ adapter: createPrismaAdapter(pool) });
  return {
    packages: packagesInPostgres(prisma),
    health: () => databaseHealth(pool, logger),
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
