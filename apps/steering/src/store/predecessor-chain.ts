// Shows continue shows; nobody may continue himself by way of others.
import { PredecessorCycleError } from '../domain/show-errors.ts';
import type { Transaction } from './transactions.ts';

/** An advisory lock's key: "pred". */
const PREDECESSOR_LOCK = 0x70_72_65_64;

/**
 * Throws PredecessorCycleError when `id` is among those whom `predecessorId` continues. Changes of predecessors wait for
 * each other until their commit: two of them could close a circle of which neither sees the other's half.
 */
export async function refuseCycle({ prisma }: Transaction, id: number, predecessorId: number): Promise<void> {
  await prisma.$executeRaw`SELECT pg_advisory_xact_lock(${PREDECESSOR_LOCK}::int, 0)`;
  // UNION drops what was seen already, so it would end even if there were a circle.
  const found = await prisma.$queryRaw<unknown[]>`
    WITH RECURSIVE chain (id) AS (
      SELECT ${predecessorId}::int
      UNION
      SELECT show.predecessor_id FROM show JOIN chain ON show.id = chain.id WHERE show.predecessor_id IS NOT NULL
    )
    SELECT id FROM chain WHERE id = ${id}`;
  if (found.length > 0) throw new PredecessorCycleError(id, predecessorId);
}
