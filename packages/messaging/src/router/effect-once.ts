// The inbox around a handler: its transaction, in which the arrival is recorded, and no handler where there is nothing to
// do any more.
//
// S8  the effect of a message happens once, however often the message comes, also when a handler that was given up on
//     commits after all (I1–I3 keep it).
import { recordArrival, type QuerySql } from '../inbox/inbox.ts';
import type { ArrivedEvent, Middleware } from './middleware.ts';

/**
 * Runs `work` in a transaction, which it commits when `work` resolves and rolls back when it rejects. `query`: runs in it
 * and resolves with rows; `transaction`: what handlers make their changes with.
 */
export type InTransaction<Transaction> = (
  work: (query: QuerySql, transaction: Transaction) => Promise<unknown>,
) => Promise<unknown>;

/** Adds the `transaction` that the arrival of the message is recorded in, for the consumer of the queue. */
export function effectOnce<Transaction>(
  inTransaction: InTransaction<Transaction>,
): Middleware<{ readonly transaction: Transaction }, object, ArrivedEvent> {
  return ({ group, message, name }, { log }, next) =>
    inTransaction(async (query, transaction) => {
      const arrival = await recordArrival(query, group.consumer, message);
      if (arrival === 'new') return next({ transaction });
      log.debug({ messageId: message.id, type: name, arrival }, 'a message has nothing to add'); // (S8)
      return undefined;
    });
}
