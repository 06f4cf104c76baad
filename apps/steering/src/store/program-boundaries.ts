// Up to when `upcoming` has been told, and when it is to be told next: a row per boundary, shared by all replicas.
//
// B2  Whoever tells a boundary marks its row in the transaction that holds the messages. The row is there once, so one
//     replica wins; if that one dies before its commit, the row is still to be told and another one does it.
// B3  A change of the program, too, tells up to now, and says anew when the next boundary is.
import type { Prisma } from '#prisma';

type Client = Prisma.TransactionClient;

/** A day of them is more than anybody looks at. */
const KEPT_MS = 24 * 60 * 60 * 1_000;

/** Epoch milliseconds; null when nothing was ever told. */
export async function findToldUntil({ programBoundary }: Client): Promise<number | null> {
  const last = await programBoundary.findFirst({ where: { toldAt: { not: null } }, orderBy: { at: 'desc' } });
  return last?.at.getTime() ?? null;
}

/** The boundary that waits; null when nobody has said one yet. */
export async function findDue({ programBoundary }: Pick<Client, 'programBoundary'>): Promise<Date | null> {
  const next = await programBoundary.findFirst({ where: { toldAt: null }, orderBy: { at: 'asc' } });
  return next?.at ?? null;
}

/** (B2) Whether the boundary was still to be told. Under the program lock. */
export async function claimBoundary({ programBoundary }: Client, at: Date, time: Date): Promise<boolean> {
  const { count } = await programBoundary.updateMany({ where: { at, toldAt: null }, data: { toldAt: time } });
  return count === 1;
}

/** (B3) Told up to `toldUntil`; the next is `due`, and nothing else waits. Under the program lock. */
export async function setBoundaries(prisma: Client, toldUntil: Date, due: Date, time: Date): Promise<void> {
  const before = new Date(time.getTime() - KEPT_MS);
  await prisma.$executeRaw`DELETE FROM program_boundary WHERE told_at IS NULL OR told_at < ${before}::timestamptz`;
  // A clock that is ahead may have told what is due to this one.
  await prisma.$executeRaw`
    INSERT INTO program_boundary (at, told_at)
    VALUES (${toldUntil}::timestamptz, ${time}::timestamptz), (${due}::timestamptz, NULL)
    ON CONFLICT (at) DO UPDATE SET told_at = COALESCE(EXCLUDED.told_at, program_boundary.told_at)`;
}
