// A Prisma client of the test's own, for what the store does without the rest of steering.
import { createPool, createPrismaAdapter } from '@longwave/database';
import { PrismaClient } from '#prisma';

export function openPrisma(databaseUrl: string): {
  readonly prisma: PrismaClient;
  readonly close: () => Promise<void>;
} {
  const pool = createPool(databaseUrl, {
    applicationName: 'test',
    connectionsMax: 2,
    statementTimeoutMs: 5_000,
    onConnectionLost: () => undefined,
  });
  const prisma = new PrismaClient({ adapter: createPrismaAdapter(pool) });
  return {
    prisma,
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
