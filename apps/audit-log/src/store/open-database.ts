// The audit log's database, its health, and its end. Recording and reading have connections of their own, so that no
// question, however many ask it, holds up the record (A10).
import { createPool, createPrismaAdapter, databaseHealth, type DatabaseHealth } from '@longwave/database';
import type { Logger } from '@longwave/runtime';
import { PrismaClient } from '#prisma';
import type { EntryLog } from '../domain/entry-log.ts';
import { entriesInPostgres } from './entries-in-postgres.ts';

export type Database = {
  readonly entries: EntryLog;
  health(): Promise<DatabaseHealth>;
  close(): Promise<void>;
};

/** One transaction records at a time; the other connection is for the health check. */
const RECORDING_CONNECTIONS_MAX = 2;
const READING_CONNECTIONS_MAX = 8;
/** A filter that finds little reads much; what takes longer is a question for an export. Stopping waits no longer. */
const STATEMENT_TIMEOUT_MS = 5_000;
const ACQUIRE_TIMEOUT_MS = 3_000;

/** Connects when it is first asked: a service starts while its database is away. */
export function openDatabase(url: string, { logger }: { readonly logger: Logger }): Database {
  const recording = connect(url, RECORDING_CONNECTIONS_MAX, logger);
  const reading = connect(url, READING_CONNECTIONS_MAX, logger);
  return {
    entries: entriesInPostgres({ recording: recording.prisma, reading: reading.prisma }),
    health: () => databaseHealth(recording.pool, logger),
    close: async () => {
      await Promise.all([recording.prisma.$disconnect(), reading.prisma.$disconnect()]);
      await Promise.all([recording.pool.end(), reading.pool.end()]);
    },
  };
}

function connect(
  url: string,
  connectionsMax: number,
  logger: Logger,
): { readonly pool: ReturnType<typeof createPool>; readonly prisma: PrismaClient } {
  const pool = createPool(url, {
    applicationName: 'audit-log',
    connectionsMax,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    acquireTimeoutMs: ACQUIRE_TIMEOUT_MS,
    onConnectionLost: (error) => logger.warn({ err: error }, 'a database connection was lost'),
  });
  return { pool, prisma: new PrismaClient({ adapter: createPrismaAdapter(pool) }) };
}
