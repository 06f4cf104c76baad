// What the rest of the service needs of the place where entries are kept. `store/` keeps them in Postgres.
import type { EntryQuery } from './entry-query.ts';
import type { Entry, NewEntry } from './entry.ts';

export type Recorded = {
  /** How many became entries; the others were recorded before. */
  readonly count: number;
  /** Those of the others that carry the id of an entry, but not its subject and payload. */
  readonly impostors: readonly NewEntry[];
};

/** All of it rejects with EntriesUnavailableError while the place is away. */
export type EntryLog = {
  /** Gives each message that has no entry yet the next number, in order: all of them or none. */
  record(entries: readonly NewEntry[]): Promise<Recorded>;
  find(sequence: number): Promise<Entry | undefined>;
  /** At most `limit` entries beyond the sequence `after`, in the query's order; fewer when they are large. */
  page(
    query: EntryQuery,
    page: { readonly after: number | undefined; readonly limit: number },
  ): Promise<{ readonly entries: readonly Entry[]; readonly hasMore: boolean }>;
};

/** Nothing is wrong with what was asked; the same may work later. Nothing was recorded, or all of it. */
export class EntriesUnavailableError extends Error {
  override readonly name = 'EntriesUnavailableError';
  readonly code = 'entries-unavailable';

  constructor(cause: unknown) {
    super('the database does not answer; try again later', { cause });
  }
}
