// The inbox around a handler of batches: one transaction in which all of a batch is recorded and what is new of it is
// applied. Its counterpart for single messages is `effectOnce` of `../router`.
//
// I6  the effect of each message happens once, however often its batch comes, and in whatever company it comes again: a
//     batch whose transaction fails has none of its effects, and is handed over again (H2).
import { idOf, keyOf, type StoredMessage } from '../contract/decode.ts';
import { decodeMetadata } from '../contract/metadata.ts';
import type { Arriving } from './arrival.ts';
import type { InTransaction } from './in-transaction.ts';
import { recordArrivals } from './record-arrivals.ts';

/**
 * A handler for `startBatchConsumption` of `consumer`. `apply` is given what is new of a batch, readable or not, in the
 * order of the stream's delivery, and makes its changes with `transaction`; it is not called when nothing is new. When it
 * rejects, nothing was recorded, and the batch comes again.
 */
export function effectsOnce<Transaction>(
  consumer: string,
  inTransaction: InTransaction<Transaction>,
  apply: (messages: readonly StoredMessage[], transaction: Transaction) => Promise<void>,
): (messages: readonly StoredMessage[]) => Promise<void> {
  return async (messages) => {
    const arriving = messages.map(arrivingOf);
    await inTransaction(async (query, transaction) => {
      const arrivals = await recordArrivals(query, consumer, arriving);
      const arrived = messages.filter((_, index) => arrivals[index] === 'new');
      if (arrived.length > 0) await apply(arrived, transaction);
    });
  };
}

function arrivingOf(stored: StoredMessage): Arriving {
  const metadata = decodeMetadata(stored.headers);
  return { id: idOf(stored, metadata), key: keyOf(stored, metadata), stored };
}
