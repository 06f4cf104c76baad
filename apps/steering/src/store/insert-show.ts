// Puts a new show into its table. A slug that is taken is an answer here, not an error: an error would end the
// transaction, and a derived slug is tried again in it.
import { databaseFailure } from '@longwave/database';
import { UnknownPredecessorError } from '../domain/show-errors.ts';
import type { ShowContent, ShowRecord } from '../domain/show.ts';
import { toColumns, toRecord } from './show-row.ts';
import type { Transaction } from './transactions.ts';

/** Null when another show has the slug. Throws UnknownPredecessorError. */
export async function insertShow(
  { prisma }: Transaction,
  content: ShowContent,
  time: Date,
): Promise<ShowRecord | null> {
  try {
    const data = { ...toColumns(content), createdAt: time, updatedAt: time };
    const [row] = await prisma.show.createManyAndReturn({ data: [data], skipDuplicates: true });
    return row === undefined ? null : toRecord(row);
  } catch (error) {
    if (databaseFailure(error) !== 'foreign-key-violation' || content.predecessorId === null) throw error;
    throw new UnknownPredecessorError(content.predecessorId, { cause: error });
  }
}
