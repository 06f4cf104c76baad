// The resources of one kind. Every change locks the row first, so that whoever decides (a precondition, a change of
// nothing, a slug) decides on what is true, and messages about one resource are in the order of its commits. (T4)
import { isDeepStrictEqual } from 'node:util';
import type { PrismaClient } from '#prisma';
import { changeTime } from '../domain/change-time.ts';
import { isSameContent, representRecord } from '../domain/content.ts';
import { ResourceNotFoundError } from '../domain/resource-errors.ts';
import { resourceCreated, resourceDeleted, resourceUpdated } from '../domain/resource-messages.ts';
import type { Content, Resource, ResourceRecord } from '../domain/resource.ts';
import type { Urls } from '../domain/urls.ts';
import { changeProgram, type Touched } from './change-program.ts';
import { lockProgram } from './program-lock.ts';
import { refuseIfReferredTo, requireReferences } from './references.ts';
import { findPage, type PageQuery, type ResourcePage } from './resource-page.ts';
import { rowsOf, sqlName, toColumns, toRecord } from './rows.ts';
import type { Transaction } from './transactions.ts';

/** What can be read of the resources of one kind. */
export type ResourceReader = {
  readonly resource: Resource;
  list(query: PageQuery): Promise<ResourcePage>;
  /** As the API answers them. */
  represent(records: readonly ResourceRecord[]): Promise<readonly Content[]>;
  /** Throws ResourceNotFoundError. */
  find(id: number): Promise<ResourceRecord>;
};

/** What can be made of them. All of it may throw UnknownReferencesError, and what the rules throw. */
export type ResourceWriter = {
  create(transaction: Transaction, content: Content): Promise<ResourceRecord>;
  /**
   * Makes of the resource what `decide` makes of it; the same content again is no change and tells nothing.
   * Also throws what `decide` throws, and ResourceNotFoundError.
   */
  update(transaction: Transaction, id: number, { mayChange, decide }: ResourceUpdate): Promise<ResourceRecord>;
  /** Deletes what `accept` does not object to by throwing. Throws ResourceNotFoundError, ResourceInUseError. */
  remove(transaction: Transaction, id: number, accept: (current: ResourceRecord) => void): Promise<void>;
};

export type ResourceStore = ResourceReader & ResourceWriter;

export type ResourceUpdate = {
  /** The fields of which the request says anything. */
  readonly mayChange: readonly string[];
  readonly decide: (current: ResourceRecord) => Content;
};

/** What a kind of resource needs beyond its definition. */
export type ResourceRules = {
  readonly insert?: (transaction: Transaction, content: Content, time: Date) => Promise<ResourceRecord>;
  /** Called with a content that differs from the current one. */
  readonly beforeUpdate?: (transaction: Transaction, current: ResourceRecord, wanted: Content) => Promise<void>;
  /** What an error of writing `wanted` means to a client. */
  readonly explain?: (error: unknown, wanted: Content) => unknown;
  /** What of the program a change of one of the definition's `programFields` may touch. */
  readonly touches?: (transaction: Transaction, current: ResourceRecord) => Promise<Touched>;
};

export type ResourceStoreOptions = {
  readonly prisma: PrismaClient;
  readonly urls: Urls;
  readonly now: () => Date;
};

export function createResourceReader(
  { prisma }: Pick<ResourceStoreOptions, 'prisma'>,
  resource: Resource,
  represent?: ResourceReader['represent'],
): ResourceReader {
  return {
    resource,
    list: (query) => findPage(prisma, resource, query),
    represent: represent ?? ((records) => Promise.resolve(records.map((record) => representRecord(resource, record)))),
    find: (id) => findIn(prisma, resource, id),
  };
}

export function createResourceStore(
  options: ResourceStoreOptions,
  resource: Resource,
  rules: ResourceRules = {},
): ResourceStore {
  const deps = { ...options, resource, rules };
  return {
    ...createResourceReader(options, resource),
    create: (transaction, content) => create(deps, transaction, content),
    update: (transaction, id, change) => update(deps, transaction, id, change),
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
  { mayChange, decide }: ResourceUpdate,
): Promise<ResourceRecord> {
  const { resource, rules } = deps;
  if (resource.programFields.some((field) => mayChange.includes(field))) await lockProgram(transaction);
  // Not FOR UPDATE: those who refer to this one must not have to wait, or two of them could deadlock.
  await lockRow(transaction, resource, id, 'FOR NO KEY UPDATE');
  const current = await findIn(transaction.prisma, resource, id);
  const wanted = decide(current);
  if (isSameContent(current.content, wanted)) return current;
  await requireReferences(transaction, resource, wanted, current.content);
  await rules.beforeUpdate?.(transaction, current, wanted);
  const isOfProgram = resource.programFields.some((field) => !isDeepStrictEqual(current.content[field], wanted[field]));
  const touched = isOfProgram ? await rules.touches?.(transaction, current) : undefined;
  const writeIt = (): Promise<ResourceRecord> => write(deps, transaction, wanted, current);
  return touched === undefined ? writeIt() : changeProgram(transaction, deps.now, touched, writeIt);
}

async function write(
  { resource, rules, urls, now }: Deps,
  { prisma, tell }: Transaction,
  wanted: Content,
  current: ResourceRecord,
): Promise<ResourceRecord> {
  const { id } = current;
  const updatedAt = changeTime(now(), current.updatedAt);
  try {
    const data = { ...toColumns(resource, wanted), updatedAt, revision: { increment: 1 } };
    const updated = toRecord(resource, await rowsOf(prisma, resource.table).update({ where: { id }, data }));
    tell(resourceUpdated(resource, updated, urls.resource(resource, id)));
    return updated;
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
  await lockRow(transaction, resource, id, 'FOR UPDATE');
  const current = await findIn(transaction.prisma, resource, id);
  accept(current);
  await refuseIfReferredTo(transaction, resource, id);
  await rowsOf(transaction.prisma, resource.table).delete({ where: { id } });
  transaction.tell(resourceDeleted(resource, current, urls.resource(resource, id)));
}

/** Held to the end of the transaction; nothing happens when there is no such row. */
export async function lockRow(
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
