// The inbox around a handler: its transaction, in which the arrival is recorded, and no handler where there is nothing to
// do any more.
//
// S8  the effect of a message happens once, however often the message comes, also when a handler that was given up on
//     commits after all (I1–I3 keep it).
import type { InTransaction } from '../inbox/in-transaction.ts';
import { recordArrival } from '../inbox/inbox.ts';
import type { ArrivedEvent, Middleware } from './middleware.ts';

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
