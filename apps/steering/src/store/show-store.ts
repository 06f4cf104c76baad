// The shows. Every change locks the show's row first, so that whoever decides (a precondition, a change of nothing, a
// slug) decides on what is true, and messages about one show are in the order of its commits. (T4)
import { databaseFailure } from '@longwave/database';
import type { ShowInput } from '@longwave/contracts';
import type { PrismaClient } from '#prisma';
import { changeTime } from '../domain/change-time.ts';
import {
  ShowInUseError,
  ShowNotFoundError,
  SlugTakenError,
  UnknownPredecessorError,
  type Dependent,
} from '../domain/show-errors.ts';
import { showCreated, showDeleted, showUpdated } from '../domain/show-messages.ts';
import { isSameShow, type ShowContent, type ShowRecord } from '../domain/show.ts';
import type { Urls } from '../domain/urls.ts';
import { refuseCycle } from './predecessor-chain.ts';
import { insertUnderFreeSlug } from './free-slug.ts';
import { insertShow } from './insert-show.ts';
import { findShowPage, type ShowPage, type ShowPageQuery } from './show-page.ts';
import { toColumns, toRecord } from './show-row.ts';
import type { Transaction } from './transactions.ts';

export type ShowStore = {
  list(query: ShowPageQuery): Promise<ShowPage>;
  /** Throws ShowNotFoundError. */
  find(id: number): Promise<ShowRecord>;
  /** Throws SlugTakenError, UnknownPredecessorError. */
  create(transaction: Transaction, input: ShowInput): Promise<ShowRecord>;
  /**
   * Makes of the show what `decide` makes of it; the same content again is no change and tells nothing.
   * Throws what `decide` throws, ShowNotFoundError, SlugTakenError, UnknownPredecessorError, PredecessorCycleError.
   */
  update(transaction: Transaction, id: number, decide: (current: ShowRecord) => ShowContent): Promise<ShowRecord>;
  /** Deletes what `accept` does not object to by throwing. Throws ShowNotFoundError, ShowInUseError. */
  remove(transaction: Transaction, id: number, accept: (current: ShowRecord) => void): Promise<void>;
};

export type ShowStoreOptions = { readonly prisma: PrismaClient; readonly urls: Urls; readonly now: () => Date };

export function createShowStore(options: ShowStoreOptions): ShowStore {
  const { prisma } = options;
  return {
    list: (query) => findShowPage(prisma, query),
    find: async (id) => foundOrThrow(id, await prisma.show.findUnique({ where: { id } })),
    create: (transaction, input) => create(options, transaction, input),
    update: (transaction, id, decide) => update(options, transaction, id, decide),
    remove: (transaction, id, accept) => remove(options, transaction, id, accept),
  };
}

async function create(
  { urls, now }: ShowStoreOptions,
  transaction: Transaction,
  input: ShowInput,
): Promise<ShowRecord> {
  const { slug } = input;
  const time = now();
  const inserted =
    slug === undefined
      ? await insertUnderFreeSlug(transaction, input, time)
      : await insertShow(transaction, { ...input, slug }, time);
  if (inserted === null) throw new SlugTakenError(slug ?? input.name);
  transaction.tell(showCreated(inserted, urls.show(inserted.id)));
  return inserted;
}

async function update(
  { urls, now }: ShowStoreOptions,
  transaction: Transaction,
  id: number,
  decide: (current: ShowRecord) => ShowContent,
): Promise<ShowRecord> {
  // Not FOR UPDATE: shows that name this one as their predecessor must not have to wait, or two of them could deadlock.
  await transaction.prisma.$queryRaw`SELECT id FROM show WHERE id = ${id} FOR NO KEY UPDATE`;
  const current = await findIn(transaction, id);
  const wanted = decide(current);
  if (isSameShow(wanted, current)) return current;
  const { predecessorId } = wanted;
  if (predecessorId !== null && predecessorId !== current.predecessorId) {
    await refuseCycle(transaction, id, predecessorId);
  }
  const updated = await write(transaction, current, wanted, changeTime(now(), current.updatedAt));
  transaction.tell(showUpdated(updated, urls.show(id)));
  return updated;
}

async function write(
  { prisma }: Transaction,
  { id }: ShowRecord,
  wanted: ShowContent,
  updatedAt: Date,
): Promise<ShowRecord> {
  try {
    const data = { ...toColumns(wanted), updatedAt, revision: { increment: 1 } };
    return toRecord(await prisma.show.update({ where: { id }, data }));
  } catch (error) {
    if (databaseFailure(error) === 'unique-violation') throw new SlugTakenError(wanted.slug, { cause: error });
    if (databaseFailure(error) === 'foreign-key-violation' && wanted.predecessorId !== null) {
      throw new UnknownPredecessorError(wanted.predecessorId, { cause: error });
    }
    throw error;
  }
}

const DEPENDENTS_MAX = 100;

async function remove(
  { urls }: ShowStoreOptions,
  transaction: Transaction,
  id: number,
  accept: (current: ShowRecord) => void,
): Promise<void> {
  const { prisma } = transaction;
  // Waits for those who are about to name it as their predecessor, and makes later ones wait.
  await prisma.$queryRaw`SELECT id FROM show WHERE id = ${id} FOR UPDATE`;
  const current = await findIn(transaction, id);
  accept(current);
  const dependents = await findDependents(transaction, id);
  if (dependents.length > 0) {
    throw new ShowInUseError(id, dependents, await prisma.show.count({ where: { predecessorId: id } }));
  }
  await prisma.show.delete({ where: { id } });
  transaction.tell(showDeleted(current, urls.show(id)));
}

function findDependents({ prisma }: Transaction, predecessorId: number): Promise<readonly Dependent[]> {
  const select = { id: true, name: true } as const;
  return prisma.show.findMany({ where: { predecessorId }, select, orderBy: { id: 'asc' }, take: DEPENDENTS_MAX });
}

async function findIn({ prisma }: Transaction, id: number): Promise<ShowRecord> {
  return foundOrThrow(id, await prisma.show.findUnique({ where: { id } }));
}

function foundOrThrow(id: number, row: Parameters<typeof toRecord>[0] | null): ShowRecord {
  if (row === null) throw new ShowNotFoundError(id);
  return toRecord(row);
}
