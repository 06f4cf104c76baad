// The one lock of the program. Every transaction that may change the program, and every tick of the timer, takes it first
// and holds it to its commit. So of two overlapping schedules the second sees the first, no `upcoming` is computed without
// the change of a neighbour, and program messages are in the outbox in the order of their commits. (B1)
import type { Transaction } from './transactions.ts';

/** The first half of an advisory lock's key: "prog". */
const PROGRAM_LOCK = 0x70_72_6f_67;

/** Waits for whoever has it; given back by the end of the transaction, whatever that is. */
export async function lockProgram({ prisma }: Transaction): Promise<void> {
  await prisma.$executeRaw`SELECT pg_advisory_xact_lock(${PROGRAM_LOCK}::int, 0)`;
}
