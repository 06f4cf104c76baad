// What a show needs beyond its definition: a slug that is unique, derived from the name unless it was chosen, and a
// succession that does not lead back to itself.
import { databaseFailure } from '@longwave/database';
import type { Content, ResourceRecord } from '../domain/resource.ts';
import { SlugTakenError } from '../domain/show-errors.ts';
import { shows } from '../resources/show.ts';
import { insertUnderFreeSlug } from './free-slug.ts';
import { refuseCycle } from './predecessor-chain.ts';
import { touchedByShow } from './program-rules.ts';
import { insertUnlessTaken, type ResourceRules } from './resource-store.ts';
import type { Transaction } from './transactions.ts';

/** They throw SlugTakenError and PredecessorCycleError. */
export const showRules: ResourceRules = {
  insert: insertShow,
  beforeUpdate: async (transaction, { id, content }, wanted) => {
    const { predecessorId } = wanted;
    if (typeof predecessorId !== 'number' || predecessorId === content['predecessorId']) return;
    await refuseCycle(transaction, id, predecessorId);
  },
  touches: (transaction, { id }) => touchedByShow(transaction, id),
  explain: (error, wanted) =>
    databaseFailure(error) === 'unique-violation'
      ? new SlugTakenError(String(wanted['slug']), { cause: error })
      : undefined,
};

async function insertShow(transaction: Transaction, content: Content, time: Date): Promise<ResourceRecord> {
  const { slug, name } = content;
  const inserted =
    slug === undefined
      ? await insertUnderFreeSlug(transaction, content, time)
      : await insertUnlessTaken(transaction, shows, content, time);
  if (inserted === null) throw new SlugTakenError(String(slug ?? name));
  return inserted;
}
