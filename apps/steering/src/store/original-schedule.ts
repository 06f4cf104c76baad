// That repetitions have originals which are none themselves: what a repetition plays can be found in one step.
import { RepetitionChainError } from '../domain/schedule-errors.ts';
import type { Transaction } from './transactions.ts';

/**
 * `id`: of the schedule that is to repeat another; null for a new one. The program lock is held, and the other is there.
 * Throws RepetitionChainError.
 */
export async function requireOriginal(
  { prisma }: Transaction,
  id: number | null,
  repetitionOfId: number | null,
): Promise<void> {
  if (repetitionOfId === null) return;
  if (repetitionOfId === id) throw new RepetitionChainError('A schedule cannot repeat itself.');
  const original = await prisma.schedule.findUnique({ where: { id: repetitionOfId } });
  if (original?.repetitionOfId !== null) {
    throw new RepetitionChainError(`Schedule ${repetitionOfId} is a repetition itself. Repeat its original.`);
  }
  const follower = id === null ? null : await prisma.schedule.findFirst({ where: { repetitionOfId: id } });
  if (follower !== null) {
    throw new RepetitionChainError(`Schedule ${follower.id} repeats this one, which so cannot become a repetition.`);
  }
}
