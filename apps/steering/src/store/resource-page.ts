// One page of a collection by keyset: the next page begins after the last row of this one, so that rows which come and go
// meanwhile neither repeat nor hide others, and a late page costs no more than the first.
import type { PrismaClient } from '#prisma';
import type { ListOrder, ListPosition } from '../domain/resource-list.ts';
import type { Resource, ResourceRecord } from '../domain/resource.ts';
import { rowsOf, toRecord } from './rows.ts';

export type PageQuery = {
  /** Conditions in the words of the database client, from the definition's filters. */
  readonly where: readonly object[];
  readonly order: ListOrder;
  readonly limit: number;
  readonly after?: ListPosition | undefined;
};

/** `last`: where the following page begins; absent when there is none. */
export type ResourcePage = { readonly records: readonly ResourceRecord[]; readonly last?: ListPosition | undefined };

export async function findPage(
  prisma: PrismaClient,
  resource: Resource,
  { where, order, limit, after }: PageQuery,
): Promise<ResourcePage> {
  const rows = await rowsOf(prisma, resource.table).findMany({
    where: { AND: [...where, after === undefined ? {} : beyond(after, order)] },
    orderBy: [...(order.by === undefined ? [] : [{ [order.by.column]: order.direction }]), { id: order.direction }],
    take: limit + 1, // one more tells whether there is a next page
  });
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    records: shown.map((row) => toRecord(resource, row)),
    last: last && positionOf({ ...last }, order),
  };
}

function positionOf(row: Readonly<Record<string, unknown>> & { readonly id: number }, { by }: ListOrder): ListPosition {
  const value = by === undefined ? undefined : row[by.column];
  return typeof value === 'string' || value instanceof Date ? { id: row.id, value } : { id: row.id };
}

function beyond({ id, value }: ListPosition, { by, direction }: ListOrder): object {
  const further = (bound: unknown) => (direction === 'asc' ? { gt: bound } : { lt: bound });
  if (by === undefined) return { id: further(id) };
  return { OR: [{ [by.column]: further(value) }, { [by.column]: value, id: further(id) }] };
}
