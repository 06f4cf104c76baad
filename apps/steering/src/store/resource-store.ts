// The resources of one kind. Every change locks the row first, so that whoever decides (a precondition, a change of
// nothing, a slug) decides on what is true, and messages about one resource are in the order of its commits. (T4)
import type { PrismaClient } from '#prisma';
import { changeTime } from '../domain/change-time.ts';
import { isSameContent } from '../domain/content.ts';
import { ResourceNotFoundError } from '../domain/resource-errors.ts';
import { resourceCreated, resourceDeleted, resourceUpdated } from '../domain/resource-messages.ts';
import type { Content, Resource, ResourceRecord } from '../domain/resource.ts';
import type { Urls } from '../domain/urls.ts';
import { refuseIfReferredTo, requireReferences } from './references.ts';
import { findPage, type PageQuery, type ResourcePage } from './resource-page.ts';
import { rowsOf, sqlName, toColumns, toRecord } from './rows.ts';
import type { Transaction } from './transactions.ts';

export type ResourceStore = {
  readonly resource: Resource;
  list(query: PageQuery): Promise<ResourcePage>;
  /** Throws ResourceNotFoundError. */
  find(id: number): Promise<ResourceRecord>;
  /** Throws UnknownReferencesError, and what the rules throw. */
  create(transaction: Transaction, content: Content): Promise<ResourceRecord>;
  /**
   * Makes of the resource what `decide` makes of it; the same content again is no change and tells nothing.
   * Throws what `decide` throws, ResourceNotFoundError, UnknownReferencesError, and what the rules throw.
   */
  update(transaction: Transaction, id: number, decide: (current: ResourceRecord) => Content): Promise<ResourceRecord>;
  /** Deletes what `accept` does not object to by throwing. Throws ResourceNotFoundError, ResourceInUseError. */
  remove(transaction: Transaction, id: number, accept: (current: ResourceRecord) => void): Promise<void>;
};

/** What a kind of resource needs beyond its definition. */
export type ResourceRules = {
  readonly insert?: (transaction: Transaction, content: Content, time: Date) => Promise<ResourceRecord>;
  /** Called with a content that differs from the current one. */
  readonly beforeUpdate?: (transaction: Transaction, current: ResourceRecord, wanted: Content) => Promise<void>;
  /** What an error of writing `wanted` means to a client. */
  readonly explain?: (error: unknown, wanted: Content) => unknown;
};

export type ResourceStoreOptions = {
  readonly prisma: PrismaClient;
  readonly urls: Urls;
  readonly now: () => Date;
};

export function createResourceStore(
  options: ResourceStoreOptions,
  resource: Resource,
  rules: ResourceRules = {},
): ResourceStore {
  const { prisma } = options;
  const deps = { ...options, resource, rules };
  return {
    resource,
    list: (query) => findPage(prisma, resource, query),
    find: (id) => findIn(prisma, resource, id),
    create: (transaction, content) => create(deps, transaction, content),
    update: (transaction, id, decide) => update(deps, transaction, id, decide),
    remove: (transaction, id, accept) => remove(deps, transaction, id, accept),
  };
}

type Deps = ResourceStoreOptions & { readonly resource: Resource; readonly rules: ResourceRules };

async function create(deps: Deps, transaction: Transaction, content: Content): Promise<ResourceRecord> {
  const { resource, rules, urls, now } = deps;
  await requireReferences(transaction, resource, content);
  const insert = rules.insert ?? ((...given) => insertOne(resource, ...given));
  const created = await insert(transaction, content, now());
  transaction.tell(resourceCreated(resource, created, urls.resource(resource, created.id)));
  return created;
}

async function insertOne(
  resource: Resource,
  transaction: Transaction,
  content: Content,
  time: Date,
): Promise<ResourceRecord> {
  const inserted = await insertUnlessTaken(transaction, resource, content, time);
  if (inserted === null) throw new TypeError(`a new ${resource.noun} collided with another one`);
  return inserted;
}

/** Null when another has what must be unique. That is an answer, not an error, which would end the transaction. */
export async function insertUnlessTaken(
  { prisma }: Transaction,
  resource: Resource,
  content: Content,
  time: Date,
): Promise<ResourceRecord | null> {
  const data = { ...toColumns(resource, content), createdAt: time, updatedAt: time };
  const [row] = await rowsOf(prisma, resource.table).createManyAndReturn({ data: [data], skipDuplicates: true });
  return row === undefined ? null : toRecord(resource, row);
}

async function update(
  deps: Deps,
  transaction: Transaction,
  id: number,
  decide: (current: ResourceRecord) => Content,
): Promise<ResourceRecord> {
  const { resource, rules, urls, now } = deps;
  // Not FOR UPDATE: those who refer to this one must not have to wait, or two of them could deadlock.
  await lock(transaction, resource, id, 'FOR NO KEY UPDATE');
  const current = await findIn(transaction.prisma, resource, id);
  const wanted = decide(current);
  if (isSameContent(current.content, wanted)) return current;
  await requireReferences(transaction, resource, wanted, current.content);
  await rules.beforeUpdate?.(transaction, current, wanted);
  const updated = await write(deps, transaction, wanted, { id, updatedAt: changeTime(now(), current.updatedAt) });
  transaction.tell(resourceUpdated(resource, updated, urls.resource(resource, id)));
  return updated;
}

async function write(
  { resource, rules }: Deps,
  { prisma }: Transaction,
  wanted: Content,
  { id, updatedAt }: Pick<ResourceRecord, 'id' | 'updatedAt'>,
): Promise<ResourceRecord> {
  try {
    const data = { ...toColumns(resource, wanted), updatedAt, revision: { increment: 1 } };
    return toRecord(resource, await rowsOf(prisma, resource.table).update({ where: { id }, data }));
  } catch (error) {
    throw rules.explain?.(error, wanted) ?? error;
  }
}

async function remove(
  { resource, urls }: Deps,
  transaction: Transaction,
  id: number,
  accept: (current: ResourceRecord) => void,
): Promise<void> {
  // Waits for those who are about to refer to it, and makes later ones wait.
  await lock(transaction, resource, id, 'FOR UPDATE');
  const current = await findIn(transaction.prisma, resource, id);
  accept(current);
  await refuseIfReferredTo(transaction, resource, id);
  await rowsOf(transaction.prisma, resource.table).delete({ where: { id } });
  transaction.tell(resourceDeleted(resource, current, urls.resource(resource, id)));
}

async function lock(
  { prisma }: Transaction,
  { table }: Resource,
  id: number,
  strength: 'FOR UPDATE' | 'FOR NO KEY UPDATE',
): Promise<void> {
  await prisma.$queryRawUnsafe(`SELECT id FROM "${sqlName(table)}" WHERE id = $1 ${strength}`, id);
}

async function findIn(client: Transaction['prisma'], resource: Resource, id: number): Promise<ResourceRecord> {
  const row = await rowsOf(client, resource.table).findUnique({ where: { id } });
  if (row === null) throw new ResourceNotFoundError(resource, id);
  return toRecord(resource, row);
}
