// The database client of the stores, on a pool that others use, too. It connects when it is first asked.
import { createPrismaAdapter } from '@longwave/database';
import type { Pool } from 'pg';
import { PrismaClient } from '#prisma';

/** Whoever opens it disconnects it, before ending the pool. */
export function openPrisma(pool: Pool): PrismaClient {
  return new PrismaClient({ adapter: createPrismaAdapter(pool) });
}
