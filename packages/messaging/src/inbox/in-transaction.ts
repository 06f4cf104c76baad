// How whoever has an inbox runs a transaction of its database: the shape that both ways of doing so ask for.
import type { QuerySql } from './arrival.ts';

/**
 * Runs `work` in a transaction, which it commits when `work` resolves and rolls back when it rejects. `query`: runs in it
 * and resolves with rows; `transaction`: what handlers make their changes with.
 */
export type InTransaction<Transaction> = (
  work: (query: QuerySql, transaction: Transaction) => Promise<unknown>,
) => Promise<unknown>;
