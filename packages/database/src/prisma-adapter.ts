// Gives a Prisma client the service's own pool, so that Prisma, outbox and health check share its limits and deadlines.
import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';

/** For `new PrismaClient({ adapter })`. `$disconnect()` leaves the pool open: who made the pool ends it. */
export function createPrismaAdapter(pool: Pool): PrismaPg {
  return new PrismaPg(pool, { disposeExternalPool: false });
}
