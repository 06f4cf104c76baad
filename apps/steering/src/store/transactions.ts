// The only way to change anything: one transaction that holds the change and the messages about it.
//
// T1  the messages are written with the change, by the same transaction: both exist or neither does.
// T2  what collided with another transaction (deadlock, serialization) did nothing, and is done again, a few times.
// T3  after the commit the relay is woken; the request does not wait for the broker.
import { databaseFailure } from '@longwave/database';
import type { Cause, Draft } from '@longwave/messaging/contract';
import { writeToOutbox, type OutboxContext } from '@longwave/messaging/outbox';
import type { Prisma, PrismaClient } from '#prisma';

export type Transaction = {
  readonly prisma: Prisma.TransactionClient;
  /**
   * Messages that go with the change. Call it after the row they tell about was locked or made: rows of one entity are
   * in order because its row lock is.
   */
  tell(draft: Draft): void;
};

export type Transactions = {
  /**
   * Runs `work` in a transaction, because of `cause`; it may be run again, so it changes nothing but the database.
   * What it throws rolls everything back and is thrown on.
   */
  run<Result>(cause: Cause, work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
};

export type TransactionsOptions = {
  readonly prisma: PrismaClient;
  readonly outbox: OutboxContext;
  /** Called after a commit that had messages. */
  readonly nudge: () => void;
};

const ATTEMPTS_MAX = 5;
/** Longer than the pool waits for a connection: its error says more than Prisma's. */
const START_WITHIN_MS = 10_000;
const FINISH_WITHIN_MS = 10_000;

export function createTransactions(options: TransactionsOptions): Transactions {
  return {
    run: async (cause, work) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await runOnce(options, cause, work);
        } catch (error) {
          if (attempt === ATTEMPTS_MAX || databaseFailure(error) !== 'serialization') throw error; // (T2)
        }
      }
    },
  };
}

async function runOnce<Result>(
  { prisma, outbox, nudge }: TransactionsOptions,
  cause: Cause,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const drafts: Draft[] = [];
  const result = await prisma.$transaction(
    async (tx) => {
      const worked = await work({ prisma: tx, tell: (draft) => void drafts.push(draft) });
      await writeToOutbox((sql, ...values) => tx.$executeRawUnsafe(sql, ...values), outbox, cause, drafts); // (T1)
      return worked;
    },
    { maxWait: START_WITHIN_MS, timeout: FINISH_WITHIN_MS },
  );
  if (drafts.length > 0) nudge(); // (T3)
  return result;
}
