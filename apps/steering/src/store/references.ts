// That what a resource refers to is there, and stays there as long as it refers to it.
// Both sides lock: whoever refers takes a key share of what it names, whoever deletes an exclusive lock. So a list of ids,
// for which a database has no foreign keys, is kept as true as a column that has one.
import type { Content, Reference, Resource } from '../domain/resource.ts';
import {
  ResourceInUseError,
  UnknownReferencesError,
  type Dependent,
  type UnknownReference,
} from '../domain/resource-errors.ts';
import { referencesTo, resourceIn } from '../resources/all.ts';
import { rowsOf, sqlName, toRecord } from './rows.ts';
import type { Transaction } from './transactions.ts';

/** Throws UnknownReferencesError with every reference of `wanted` that leads nowhere; those of `current` are not asked. */
export async function requireReferences(
  transaction: Transaction,
  { references }: Resource,
  wanted: Content,
  current: Content = {},
): Promise<void> {
  const unknown: UnknownReference[] = [];
  for (const reference of references) {
    const known = idsIn(current, reference);
    const ids = idsIn(wanted, reference).filter((id) => !known.includes(id));
    const { noun } = resourceIn(reference.to);
    const missing = await missingOf(transaction, reference, ids);
    unknown.push(...missing.map((id) => ({ field: reference.field, id, noun })));
  }
  if (unknown.length > 0) throw new UnknownReferencesError(unknown);
}

function idsIn(content: Content, { field }: Reference): readonly number[] {
  const value = content[field];
  return [value].flat().filter((id) => typeof id === 'number');
}

async function missingOf(
  { prisma }: Transaction,
  { to }: Reference,
  ids: readonly number[],
): Promise<readonly number[]> {
  if (ids.length === 0) return [];
  const rows = await prisma.$queryRawUnsafe<{ id: number }[]>(
    `SELECT id FROM "${sqlName(to)}" WHERE id = ANY($1::int[]) ORDER BY id FOR KEY SHARE`,
    [...ids],
  );
  const found = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => !found.has(id));
}

const DEPENDENTS_MAX = 100;

/** The row must be locked for update. Throws ResourceInUseError. */
export async function refuseIfReferredTo(
  { prisma }: Transaction,
  { table, noun }: Resource,
  id: number,
): Promise<void> {
  const dependents: Dependent[] = [];
  let count = 0;
  for (const { resource, reference } of referencesTo(table)) {
    const where = { [reference.field]: reference.isList ? { has: id } : id };
    const rows = rowsOf(prisma, resource.table);
    const found = await rows.findMany({ where, orderBy: { id: 'asc' }, take: DEPENDENTS_MAX + 1 });
    count += found.length > DEPENDENTS_MAX ? await rows.count({ where }) : found.length;
    const named = found.map((row) => ({
      resource,
      id: row.id,
      label: resource.label(toRecord(resource, row).content),
    }));
    dependents.push(...named);
  }
  if (count > 0) throw new ResourceInUseError(noun, id, dependents.slice(0, DEPENDENTS_MAX), count);
}
