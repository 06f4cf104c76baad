// The only way to change anything: one transaction that holds the change and the messages about it.
//
// T1  the messages are written with the change, by the same transaction: both exist or neither does.
// T2  what collided with another transaction (deadlock, serialization) did nothing, and is done again, a few times.
// T3  after the commit the relay is woken, and nothing that happens then makes a failure of what was done.
// T4  whoever changes an entity holds its row lock when the message is written, so messages about it are in the order
//     of its commits. The stores keep this.
// T5  while writes are paused for a backup, nothing is changed: WritesPausedError.
import { databaseFailure, refuseWhilePaused } from '@longwave/database';
import type { Log } from '@longwave/messaging';
import type { Cause, Draft } from '@longwave/messaging/contract';
import { writeToOutbox, type OutboxContext } from '@longwave/messaging/outbox';
import type { Prisma, PrismaClient } from '#prisma';

export type Transaction = {
  readonly prisma: Prisma.TransactionClient;
  /** A message that goes with the change. Call it after the row it tells about was locked or made. (T4) */
  readonly tell: (draft: Draft) => void;
};

export type Transactions = {
  /**
   * Runs `work` in a transaction, because of `cause`; it may be run again, so it changes nothing but the database.
   * What it throws rolls everything back and is thrown on.
   */
  readonly run: <Result>(cause: Cause, work: (transaction: Transaction) => Promise<Result>) => Promise<Result>;
};

export type TransactionsOptions = {
  readonly prisma: PrismaClient;
  readonly outbox: OutboxContext;
  /** Called after a commit that had messages. */
  readonly nudge: () => void;
  readonly log: Log;
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
  { prisma, outbox, nudge, log }: TransactionsOptions,
  cause: Cause,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const drafts: Draft[] = [];
  const result = await prisma.$transaction(
    async (tx) => {
      await refuseWhilePaused((sql) => tx.$queryRawUnsafe(sql)); // (T5)
      const worked = await work({ prisma: tx, tell: (draft) => void drafts.push(draft) });
      await writeToOutbox((sql, ...values) => tx.$executeRawUnsafe(sql, ...values), outbox, cause, drafts); // (T1)
      return worked;
    },
    { maxWait: START_WITHIN_MS, timeout: FINISH_WITHIN_MS },
  );
  if (drafts.length > 0) wake(nudge, log); // (T3)
  return result;
}

function wake(nudge: () => void, log: Log): void {
  try {
    nudge();
  } catch (error) {
    // It is a hint: without it the relay finds the rows at its next look.
    log.error({ err: error }, 'the outbox relay could not be woken');
  }
}
